?room a s4bldg:BuildingSpace ; s4bldg:contains ?sensor .
?sensor a saref:TemperatureSensor ; saref:makesMeasurement ?reading .
?reading a saref:Measurement ; saref:relatesToProperty ?temperature ; saref:hasTimestamp ?time .
?temperature a saref:Temperature .
?reading saref:hasValue ?degrees ; saref:isMeasuredIn om:degreeCelsius .
