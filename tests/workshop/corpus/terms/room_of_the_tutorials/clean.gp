?building a s4bldg:Building ; s4bldg:hasSpace ?room .
?room a s4bldg:BuildingSpace ; s4bldg:contains ?device .
?device a saref:Device ; saref:hasManufacturer ?brand ; saref:hasModel ?model .
?device ic-dev:hasDeviceID ?deviceId .
