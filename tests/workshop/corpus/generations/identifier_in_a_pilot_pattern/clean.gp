?order a ic-s2:FlexibilityInstruction ; ic-s2:instructionID ?orderId .
?order ic-s2:hasInstructionStatus ?status ; ic-s2:hasExecutionTime ?at .
?order ic-s2:validFrom ?from ; ic-s2:validTo ?to .
?order ic-flex:relatesToOffer ?offer .
?offer a ic-flex:FlexOffer ; ic-flex:producedBy ?pool .
?pool ic-tplg:isInSubGridOf ?meter .
?meter a s4ener:Device ; s4ener:deviceCode ?pdl .
