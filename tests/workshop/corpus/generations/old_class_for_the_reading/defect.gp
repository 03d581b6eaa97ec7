?hems a saref:Device ; saref:hasIdentifier ?hemsId .
?reading a saref:Measurement ; saref:madeBy ?hems ; saref:hasTimestamp ?time .
?reading saref:observes s4grid:Voltage ; saref:hasResult ?value .
?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:Voltage .
?value saref:hasValue ?voltage ; saref:isMeasuredIn om:volt .
