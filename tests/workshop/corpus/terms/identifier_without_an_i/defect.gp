?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId ; s4syst:subSystemOf ?zone .
?zone a s4syst:System ; saref:hasIdentifer ?zoneId .
?load a saref:Observation ; saref:madeBy ?meter ; saref:hasTimestamp ?time ; saref:hasResult ?value .
?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActiveEnergy ; saref:hasValue ?energy ; saref:isMeasuredIn om:kilowattHour .
