PREFIX om: <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
PREFIX s4syst: <https://saref.etsi.org/saref4syst/>
PREFIX saref: <https://saref.etsi.org/core/>
PREFIX unit: <http://qudt.org/vocab/unit/>
?feeder a s4syst:System ; saref:hasIdentifier ?feederId .
?sensor a saref:Sensor ; s4syst:subSystemOf ?feeder ; saref:hasIdentifier ?sensorId .
?voltage a saref:Observation ; saref:madeBy ?sensor ; saref:observes s4grid:Voltage ; saref:hasTimestamp ?time ; saref:hasResult ?voltageValue .
?voltageValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:Voltage ; saref:hasValue ?voltageReading ; saref:isMeasuredIn om:volt .
?current a saref:Observation ; saref:madeBy ?sensor ; saref:observes s4grid:Current ; saref:hasTimestamp ?time ; saref:hasResult ?currentValue .
?currentValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:Current ; saref:hasValue ?currentReading ; saref:isMeasuredIn om:ampere .
?apparent a saref:Observation ; saref:madeBy ?sensor ; saref:observes s4grid:ApparentPower ; saref:hasTimestamp ?time ; saref:hasResult ?apparentValue .
?apparentValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:ApparentPower ; saref:hasValue ?apparentReading ; saref:isMeasuredIn unit:V-A .
?reactive a saref:Observation ; saref:madeBy ?sensor ; saref:observes s4grid:ReactivePower ; saref:hasTimestamp ?time ; saref:hasResult ?reactiveValue .
?reactiveValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:ReactivePower ; saref:hasValue ?reactiveReading ; saref:isMeasuredIn unit:V-A_Reactive .
