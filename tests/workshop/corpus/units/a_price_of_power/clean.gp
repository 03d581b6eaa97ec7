?series a s4ener:TimeSeries ; s4ener:hasUsage s4ener:Consumption ; s4ener:producedBy ?meter .
?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId .
?series s4ener:hasTemporalResolution ?resolution ; s4ener:hasDataPoint ?point .
?point a s4ener:DataPoint ; s4ener:hasEffectivePeriod ?quarter ; saref:hasResult ?value .
?quarter a time:Interval ; time:hasBeginning ?begin ; time:hasXSDDuration ?length .
?begin a time:Instant ; time:inXSDDateTimeStamp ?at .
?value a saref:PropertyValue ; saref:isValueOfProperty s4ener:Power .
?value saref:hasValue ?power ; saref:isMeasuredIn om:megawatt .
