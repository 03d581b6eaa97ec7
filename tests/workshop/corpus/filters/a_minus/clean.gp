?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId ; saref:hasState ?breaker .
?breaker a s4grid:BreakerState ; s4grid:hasControlState ?control ; s4grid:hasOutputState ?output .
