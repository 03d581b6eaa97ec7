PREFIX om: <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX s4bldg: <https://saref.etsi.org/saref4bldg/>
PREFIX saref: <https://saref.etsi.org/core/>
PREFIX unit: <http://qudt.org/vocab/unit/>
?room a s4bldg:BuildingSpace ; s4bldg:contains ?sensor .
?sensor a saref:Sensor ; saref:makesMeasurement ?warmth , ?light , ?way , ?flow .
?warmth a saref:Measurement ; saref:relatesToProperty ?temperature ; saref:hasValue ?degrees ; saref:isMeasuredIn om:degreeFahrenheit .
?temperature a saref:Temperature .
?light a saref:Measurement ; saref:relatesToProperty ?brightness ; saref:hasValue ?lux ; saref:isMeasuredIn om:lux .
?brightness a saref:Light .
?way a saref:Measurement ; saref:relatesToProperty ?height ; saref:hasValue ?metres ; saref:isMeasuredIn unit:M .
?height a saref:Property .
?flow a saref:Measurement ; saref:relatesToProperty ?water ; saref:hasValue ?litres ; saref:isMeasuredIn unit:L-PER-MIN .
?water a saref:Motion .
