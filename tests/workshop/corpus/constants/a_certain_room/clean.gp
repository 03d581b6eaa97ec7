?room <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4bldg/BuildingSpace> ; <https://saref.etsi.org/saref4bldg/contains> ?sensor .
?sensor <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/TemperatureSensor> ; <https://saref.etsi.org/core/makesMeasurement> ?reading .
?reading <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Measurement> ; <https://saref.etsi.org/core/relatesToProperty> ?temperature ; <https://saref.etsi.org/core/hasTimestamp> ?time .
?temperature <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Temperature> .
?reading <https://saref.etsi.org/core/hasValue> ?degrees ; <https://saref.etsi.org/core/isMeasuredIn> <http://www.ontology-of-units-of-measure.org/resource/om-2/degreeCelsius> .
