?appliance <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/Device> ; <https://saref.etsi.org/saref4ener/serialNumber> ?serial ; <https://saref.etsi.org/saref4ener/exposes> ?profile .
?profile <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/PowerProfile> ; <https://saref.etsi.org/saref4ener/alternativesCount> ?alternatives ; <https://saref.etsi.org/saref4ener/belongsTo> ?appliance .
?group <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/AlternativesGroup> ; <https://saref.etsi.org/saref4ener/belongsTo> ?profile .
?sequence <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/PowerSequence> ; <https://saref.etsi.org/saref4ener/belongsTo> ?group ; <https://saref.etsi.org/saref4ener/sequenceID> ?number .
?sequence <https://saref.etsi.org/core/hasState> ?state ; <https://saref.etsi.org/core/hasTime> ?start .
?state <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/State> .
?start <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/StartTime> .
?slot <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/Slot> ; <https://saref.etsi.org/saref4ener/belongsTo> ?sequence ; <https://saref.etsi.org/saref4ener/slotNumber> ?position ; <https://saref.etsi.org/saref4ener/hasPowerValueType> ?highest .
?highest <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/PowerMax> ; <https://saref.etsi.org/core/relatesToMeasurement> ?reading .
?reading <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Measurement> ; <https://saref.etsi.org/core/hasValue> ?value ; <https://saref.etsi.org/core/isMeasuredIn> <http://www.ontology-of-units-of-measure.org/resource/om-2/watt> .
