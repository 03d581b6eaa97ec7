?connection <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4syst/Connection> ; <https://saref.etsi.org/saref4syst/connectsSystem> ?device ; <https://saref.etsi.org/core/hasTimestamp> ?time .
?device <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://saref.etsi.org/saref4ener/Device> ; <http://ontology.tno.nl/interconnect/device#hasDeviceID> ?deviceId ; <https://saref.etsi.org/core/hasState> ?state .
?state <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ontology.tno.nl/interconnect/device#DeviceConnectionState> .
