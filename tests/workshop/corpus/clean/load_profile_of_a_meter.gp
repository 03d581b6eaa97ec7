?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId ; s4grid:hasProfileGeneric ?profile .
?profile a s4grid:ProfileGeneric ; s4grid:hasObis ?obis ; s4grid:hasCapturePeriod ?seconds ; s4grid:relatedObservation ?capture .
?capture a saref:Observation ; saref:hasTimestamp ?time ; saref:hasResult ?value .
?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:ReactiveEnergy ; saref:hasValue ?energy ; saref:isMeasuredIn unit:KiloV-A_Reactive-HR .
