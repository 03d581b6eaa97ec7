?sensor a saref:Sensor .
?v saref:measurementMadeBy ?sensor ; saref:hasValue ?volts ; saref:isMeasuredIn unit:V .
?c saref:measurementMadeBy ?sensor ; saref:hasValue ?amperes ; saref:isMeasuredIn unit:A .
