?plug a saref:Device ; saref:hasFunction ?function ; saref:hasState ?state .
?function a saref:OnOffFunction ; saref:hasCommand ?command .
?command a saref:hasCommand .
?state a saref:OnState .
