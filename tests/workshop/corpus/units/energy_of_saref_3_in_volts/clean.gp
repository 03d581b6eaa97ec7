?meter <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Meter> ; <https://saref.etsi.org/core/makesMeasurement> ?index .
?index <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Measurement> ; <https://saref.etsi.org/core/measurementMadeBy> ?meter ; <https://saref.etsi.org/core/hasTimestamp> ?time .
?index <https://saref.etsi.org/core/relatesToProperty> ?energy .
?energy <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Energy> .
?index <https://saref.etsi.org/core/hasValue> ?value ; <https://saref.etsi.org/core/isMeasuredIn> <http://www.ontology-of-units-of-measure.org/resource/om-2/kilowattHour> .
