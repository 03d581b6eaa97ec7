?tariff a s4ener:TimeSeries ; s4ener:hasCreationTime ?published ; s4ener:hasDataPoint ?step .
?step a s4ener:DataPoint ; s4ener:hasEffectivePeriod ?hour ; saref:hasResult ?price .
?hour a time:Interval ; time:hasBeginning ?begin ; time:hasXSDDuration "PT1H^^xsd:duration .
?begin a time:Instant ; time:inXSDDateTimeStamp ?at .
?price a saref:PropertyValue ; saref:hasValue ?amount ; saref:isMeasuredIn s4ener:EuroPerKilowattHour .
