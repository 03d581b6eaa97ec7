?offer a ic-flex:FlexOffer ; ic-data:hasCreationTime ?created ; ic-flex:includes ?series .
?created a time:Instant ; time:inXSDDateTimeStamp ?createdAt .
?series a ic-data:TimeSeries ; ic-data:hasUsage ic-data:baseLine ; ic-data:producedBy ?organisation .
?series ic-data:hasDatapoint ?point .
?point a ic-data:DataPoint ; ic-data:hasEffectivePeriod ?slot ; ic-data:containsQuantity ?quantity .
?slot a time:Interval ; time:hasBeginning ?begin ; time:hasEnd ?end .
?begin a time:Instant ; time:inXSDDateTimeStamp ?from .
?end a time:Instant ; time:inXSDDateTimeStamp ?to .
?quantity a ic-uom:ActivePower ; om:hasValue ?measure .
?measure a om:Measure ; om:hasNumericalValue ?power ; om:hasUnit om:kilowatt .
