?offer a s4ener:FlexOffer ; saref:hasIdentifier ?offerId .
?offer s4ener:includes ?series1 .
?series1 a s4ener:TimeSeries ; s4ener:hasUsage ?usage1 .
?point1 a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series1 ; s4ener:hasEffectivePeriod ?slot1 ; saref:hasResult ?value1 .
?slot1 a time:Interval ; time:hasBeginning ?begin1 ; time:hasEnd ?end1 .
?begin1 a time:Instant ; time:inXSDDateTimeStamp ?from1 .
?end1 a time:Instant ; time:inXSDDateTimeStamp ?to1 .
?value1 a saref:PropertyValue ; saref:isValueOfProperty ?quantity1 ; saref:hasValue ?amount1 ; saref:isMeasuredIn ?unit1 .
?offer s4ener:includes ?series2 .
?series2 a s4ener:TimeSeries ; s4ener:hasUsage ?usage2 .
?point2 a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series2 ; s4ener:hasEffectivePeriod ?slot2 ; saref:hasResult ?value2 .
?slot2 a time:Interval ; time:hasBeginning ?begin2 ; time:hasEnd ?end2 .
?begin2 a time:Instant ; time:inXSDDateTimeStamp ?from2 .
?end2 a time:Instant ; time:inXSDDateTimeStamp ?to2 .
?value2 a saref:PropertyValue ; saref:isValueOfProperty ?quantity2 ; saref:hasValue ?amount2 ; saref:isMeasuredIn ?unit2 .
?offer s4ener:includes ?series3 .
?series3 a s4ener:TimeSeries ; s4ener:hasUsage ?usage3 .
?point3 a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series3 ; s4ener:hasEffectivePeriod ?slot3 ; saref:hasResult ?value3 .
?slot3 a time:Interval ; time:hasBeginning ?begin3 ; time:hasEnd ?end3 .
?begin3 a time:Instant ; time:inXSDDateTimeStamp ?from3 .
?end3 a time:Instant ; time:inXSDDateTimeStamp ?to3 .
?value3 a saref:PropertyValue ; saref:isValueOfProperty ?quantity3 ; saref:hasValue ?amount3 ; saref:isMeasuredIn ?unit3 .
?offer s4ener:includes ?series4 .
?series4 a s4ener:TimeSeries ; s4ener:hasUsage ?usage4 .
?point4 a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series4 ; s4ener:hasEffectivePeriod ?slot4 ; saref:hasResult ?value4 .
?slot4 a time:Interval ; time:hasBeginning ?begin4 ; time:hasEnd ?end4 .
?begin4 a time:Instant ; time:inXSDDateTimeStamp ?from4 .
?end4 a time:Instant ; time:inXSDDateTimeStamp ?to4 .
?value4 a saref:PropertyValue ; saref:isValueOfProperty ?quantity4 ; saref:hasValue ?amount4 ; saref:isMeasuredIn ?unit4 .
