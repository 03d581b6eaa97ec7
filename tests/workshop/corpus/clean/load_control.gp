?device a s4ener:Device ; saref:hasIdentifier ?deviceId ; s4ener:receives ?event .
?event a s4ener:LoadControlEventData ; s4ener:triggersEventActionConsume ?action .
?event s4ener:hasDuration ?duration ; s4ener:hasStartTime ?start .
