?device a s4ener:Device ; s4ener:deviceCode ?pdl ; saref:makesMeasurement ?reading .
?reading a saref:Measurement ; saref:relatesToProperty ?power .
?power a saref:Power .
?reading saref:hasValue ?value ; saref:isMeasuredIn om:watt ; saref:hasTimestamp ?time .
