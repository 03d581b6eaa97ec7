?building <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4bldg/Building> ; <https://saref.etsi.org/saref4bldg/hasSpace> ?room .
?room <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4bldg/BuildingSpace> ; <https://saref.etsi.org/saref4bldg/contains> ?device .
?device <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/core/Device> ; <https://saref.etsi.org/core/hasManufacturer> ?brand ; <https://saref.etsi.org/core/hasModel> ?model .
?device <http://ontology.tno.nl/interconnect/device#hasDeviceID> ?deviceId .
