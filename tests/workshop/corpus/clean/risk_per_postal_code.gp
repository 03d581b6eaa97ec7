PREFIX gn: <http://www.geonames.org/ontology#>
PREFIX ic-data: <http://ontology.tno.nl/interconnect/datapoint#>
PREFIX ic-tplg: <http://ontology.tno.nl/interconnect/topology#>
PREFIX om: <http://www.ontology-of-units-of-measure.org/resource/om-2/>
PREFIX time: <http://www.w3.org/2006/time#>
?series a ic-data:TimeSeries ; ic-data:hasCreationTime ?created ; ic-data:hasDataPoint ?point .
?created a time:Instant ; time:inXSDDateTime ?at .
?place a gn:Feature ; gn:countryCode ?country ; gn:postalCode ?postalCode .
?point a ic-data:DataPoint ; ic-tplg:hasTopologicalAssociation ?place ; ic-data:containsQuantity ?quantity .
?quantity a om:Percentage ; om:hasValue ?measure .
?measure a om:Measure ; om:hasNumericalValue ?risk ; om:hasUnit om:percent .
