PREFIX gl: <https://w3id.org/gridlingua#>
PREFIX gn: <http://www.geonames.org/ontology#>
PREFIX s4city: <https://saref.etsi.org/saref4city/>
PREFIX saref: <https://saref.etsi.org/core/>
PREFIX time: <http://www.w3.org/2006/time#>
?fault a s4city:Event ; saref:hasIdentifier ?faultId ; s4city:takesPlaceAtTime ?moment .
?moment a time:Instant ; time:inXSDDateTimeStamp ?since .
?area a gn:Feature ; gn:postalCode ?postalCode ; gn:countryCode ?country .
?fault gl:concerns ?area .
