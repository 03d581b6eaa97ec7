?plug a saref:Device ; saref:hasFunction ?function ; saref:hasState ?state .
?function a saref:OnOffFunction ; saref:hasCommand ?command .
?command a saref:OnCommand .
?state a saref:OnState .
