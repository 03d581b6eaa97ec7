?appliance a s4ener:Device ; s4ener:serialNumber ?serial ; s4ener:exposes ?profile .
?profile a s4ener:PowerProfile ; s4ener:alternativesCount ?alternatives ; s4ener:belongsTo ?appliance .
?group a s4ener:AlternativesGroup ; s4ener:belongsTo ?profile .
?sequence a s4ener:PowerSequence ; s4ener:belongsTo ?group ; s4ener:sequenceID ?number .
?sequence saref:hasState ?state ; saref:hasTime ?start .
?state a s4ener:State .
?start a s4ener:StartTime .
?slot a s4ener:Slot ; s4ener:belongsTo ?sequence ; s4ener:slotNumber ?position ; s4ener:hasPowerValueType ?highest .
?highest a s4ener:PowerMax ; saref:relatesToMeasurement ?reading .
?reading a saref:Measurement ; saref:hasValue ?value ; saref:isMeasuredIn om:watt .
