?point a ic-data:DataPoint ; ic-tplg:hasTopologicalAssociation ?place ; ic-data:hasCreationTime ?created .
?created a time:Instant ; time:inXSDDateTimeStamp ?createdAt .
?place a ic-tplg:TopologicalLocation ; ic-tplg:isTopologicalAssociationOf ?asset .
?asset a saref:Device .
?point ic-data:hasUsage ic-data:setPoint ; ic-data:containsQuantity ?quantity .
?quantity a ic-uom:ActivePower ; om:hasValue ?measure .
?measure a om:Measure ; om:hasNumericalValue ?power ; om:hasUnit om:kilowatt .
