?sensor a saref:Sensor .
?v saref:measurementMadeBy ?sensor ; saref:relatesToProperty ?voltage ; saref:hasValue ?volts ; saref:isMeasuredIn unit:V .
?voltage a om:ElectricPotential .
?c saref:measurementMadeBy ?sensor ; saref:relatesToProperty ?current ; saref:hasValue ?amperes ; saref:isMeasuredIn unit:A .
?current a om:ElectricCurrent .
