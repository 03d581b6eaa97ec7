PREFIX ic-fc: <http://ontology.tno.nl/interconnect/forecast#>
PREFIX om: <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX pilot: <https://www.example.org/interconnect/>
PREFIX s4bldg: <https://saref.etsi.org/saref4bldg/>
PREFIX time: <http://www.w3.org/2006/time#>
PREFIX unit: <http://qudt.org/vocab/unit/>
?building a s4bldg:Building ; pilot:hasForecast ?forecast .
?forecast a ic-fc:forecast ; ic-fc:isExpressedAs ?series .
?series a ic-fc:timeSeries ; ic-fc:hasSeriesOfDataPoint ?point .
?point a ic-fc:dataPoint ; ic-fc:hasTimeStamp ?hour ; ic-fc:hasQuantity ?quantity .
?hour a time:Interval ; time:hasBeginning ?begin ; time:hasEnd ?end .
?begin a time:Instant ; time:inXSDDateTime ?from .
?end a time:Instant ; time:inXSDDateTime ?to .
?quantity a om:Quantity ; om:hasValue ?measure .
?measure a om:Measure ; om:hasNumericalValue ?cost ; om:hasUnit unit:CCY_EUR-PER-KiloW-HR .
