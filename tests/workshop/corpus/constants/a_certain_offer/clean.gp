PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
PREFIX saref: <https://saref.etsi.org/core/>
?order a s4ener:FlexibilityInstruction ; saref:hasIdentifier ?orderId .
?order s4ener:hasInstructionStatus ?status ; s4ener:relatesToOffer ?offer .
?offer a s4ener:FlexOffer ; saref:hasIdentifier ?offerId .
