?offer a s4ener:FlexOffer ; saref:hasIdentifier ?offerId .
?offer s4ener:includes ?series1 .
?series1 a s4ener:TimeSeries ; s4ener:hasUsage ?usage1 .
?point1 a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series1 ; s4ener:hasEffectivePeriod ?slot1 ; saref:hasResult ?value1 .
?slot1 a time:Interval ; time:hasBeginning ?begin1 ; time:hasEnd ?end1 .
?begin1 a time:Instant ; time:inXSDDateTimeStamp ?from1 .
?end1 a time:Instant ; time:inXSDDateTimeStamp ?to1 .
?value1 a saref:PropertyValue ; saref:isValueOfProperty ?quantity1 ; saref:hasValue ?amount1 ; saref:isMeasuredIn ?unit1 .
