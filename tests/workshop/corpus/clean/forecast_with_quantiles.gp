?series a s4ener:TimeSeries ; s4ener:hasCreationTime ?issued ; s4ener:hasUsage s4ener:Production ; s4ener:hasDataPoint ?median , ?spread .
?hour a time:Interval ; time:hasBeginning ?hourBegin ; time:hasEnd ?hourEnd .
?hourBegin a time:Instant ; time:inXSDDateTimeStamp ?from .
?hourEnd a time:Instant ; time:inXSDDateTimeStamp ?to .
?median a s4ener:DataPoint ; s4ener:hasEffectivePeriod ?hour ; s4ener:hasQuantile ?quantile ; saref:hasResult ?medianValue .
?medianValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?power ; saref:isMeasuredIn om:megawatt .
?spread a s4ener:GaussianDataPoint ; s4ener:hasEffectivePeriod ?hour ; s4ener:hasStandardDeviation ?deviation ; saref:hasResult ?spreadValue .
?spreadValue a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?mean ; saref:isMeasuredIn om:megawatt .
