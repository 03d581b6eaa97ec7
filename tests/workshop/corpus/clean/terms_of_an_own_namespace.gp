PREFIX saref: <https://saref.etsi.org/core/>
PREFIX market: <https://ubflex.example.eu/market/>
PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
?r a s4ener:FlexRequest ; saref:hasIdentifier ?id ; market:belongsToAuction ?auction .
?auction a market:Auction .
