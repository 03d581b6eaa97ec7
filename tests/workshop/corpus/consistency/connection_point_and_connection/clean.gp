?connection a s4syst:Connection ; s4syst:connectsSystem ?device ; saref:hasTimestamp ?time .
?device a s4ener:Device ; ic-dev:hasDeviceID ?deviceId ; saref:hasState ?state .
?state a ic-dev:DeviceConnectionState .
