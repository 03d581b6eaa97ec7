BEGIN TRANSACTION;
CREATE TABLE aggregator_acknowledgements (
    subject VARCHAR NOT NULL,
    party VARCHAR NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    acknowledged_by VARCHAR NOT NULL,
    acknowledged_at VARCHAR NOT NULL,
    acknowledged_at_utc VARCHAR(27) NOT NULL,
    PRIMARY KEY (subject, party, request_id, offer_id, acknowledged_by)
);
INSERT INTO "aggregator_acknowledgements" VALUES('offer','https://dso.example.org/kb','N1','O1','Aggregator One','2026-11-20T12:30:00+01:00','2026-11-20T11:30:00.000000Z');
CREATE TABLE aggregator_needs (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    type_power VARCHAR NOT NULL,
    eligible_clients JSON NOT NULL,
    sender VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (sender, request_id)
);
INSERT INTO "aggregator_needs" VALUES(1,'2026-11-20T12:00:00.250000Z','2026-11-21T11:00:00+01:00','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','100','kW','Down','Active','["M1", "M2", "M3"]','https://dso.example.org/kb');
CREATE TABLE aggregator_offers (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    offer VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    price VARCHAR NOT NULL,
    meter_ids JSON NOT NULL,
    dso VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (dso, request_id, offer_id)
);
INSERT INTO "aggregator_offers" VALUES(1,'2026-11-20T12:00:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O1','60','kW','0.1','["M1"]','https://dso.example.org/kb');
INSERT INTO "aggregator_offers" VALUES(2,'2026-11-20T12:00:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O2','12345678901234567.8','kW','0.25','["M1", "M2"]','https://dso.example.org/kb');
CREATE TABLE aggregator_orders (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    activation VARCHAR NOT NULL,
    quantity VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    offered_quantity VARCHAR NOT NULL,
    dso VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (dso, request_id, offer_id)
);
INSERT INTO "aggregator_orders" VALUES(1,'2026-11-20T12:00:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O1','Yes','60','kW','60','https://dso.example.org/kb');
INSERT INTO "aggregator_orders" VALUES(2,'2026-11-20T12:00:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O2','No','12345678901234567.8','kW','12345678901234567.8','https://dso.example.org/kb');
CREATE TABLE aggregator_prices (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    meter_id VARCHAR NOT NULL,
    capacity VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    price VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (meter_id, measurement_unit)
);
INSERT INTO "aggregator_prices" VALUES(1,'2026-11-20T12:00:00.250000Z','M1','1.5','kW','0.12');
CREATE TABLE aggregator_readings (
    user VARCHAR NOT NULL,
    granularity INTEGER NOT NULL,
    time_utc VARCHAR(27) NOT NULL,
    time VARCHAR NOT NULL,
    measurement VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    PRIMARY KEY (user, granularity, time_utc)
);
INSERT INTO "aggregator_readings" VALUES('U1',1,'2026-11-19T00:00:00.000000Z','2026-11-19T00:00:00Z','0.1','kW');
CREATE TABLE data_sharing_customers (
    id INTEGER NOT NULL,
    user_id VARCHAR NOT NULL,
    meter_id VARCHAR NOT NULL,
    zone VARCHAR NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (user_id),
    UNIQUE (meter_id)
);
INSERT INTO "data_sharing_customers" VALUES(1,'U1','M1','Z1');
INSERT INTO "data_sharing_customers" VALUES(2,'U2','M2','Z1');
INSERT INTO "data_sharing_customers" VALUES(3,'U3','M3','Z2');
CREATE TABLE data_sharing_grants (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    reference VARCHAR NOT NULL,
    user VARCHAR NOT NULL,
    grantee VARCHAR NOT NULL,
    valid_from VARCHAR NOT NULL,
    valid_from_utc VARCHAR(27) NOT NULL,
    valid_until VARCHAR NOT NULL,
    valid_until_utc VARCHAR(27) NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (reference)
);
INSERT INTO "data_sharing_grants" VALUES(1,'2026-11-20T12:00:00.250000Z','G1','U1','https://aggregator.example.org/kb','2026-01-01T00:00:00Z','2026-01-01T00:00:00.000000Z','2027-01-01T01:00:00+01:00','2027-01-01T00:00:00.000000Z');
INSERT INTO "data_sharing_grants" VALUES(2,'2026-11-20T12:00:00.250000Z','G2','U2','https://retailer.example.org/kb','2026-01-01T00:00:00Z','2026-01-01T00:00:00.000000Z','2026-06-01T00:00:00Z','2026-06-01T00:00:00.000000Z');
INSERT INTO "data_sharing_grants" VALUES(3,'2026-11-20T12:00:00.250000Z','G3','U3','https://gone.example.org/kb','2026-01-01T00:00:00Z','2026-01-01T00:00:00.000000Z','2027-01-01T00:00:00Z','2027-01-01T00:00:00.000000Z');
CREATE TABLE data_sharing_readings (
    customer INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    watts INTEGER NOT NULL,
    PRIMARY KEY (customer, quarter)
)
 WITHOUT ROWID

;
INSERT INTO "data_sharing_readings" VALUES(1,1994496,100);
INSERT INTO "data_sharing_readings" VALUES(1,1994497,101);
INSERT INTO "data_sharing_readings" VALUES(1,1994498,102);
INSERT INTO "data_sharing_readings" VALUES(1,1994499,103);
INSERT INTO "data_sharing_readings" VALUES(1,1994500,104);
INSERT INTO "data_sharing_readings" VALUES(1,1994501,105);
INSERT INTO "data_sharing_readings" VALUES(1,1994502,106);
INSERT INTO "data_sharing_readings" VALUES(1,1994503,107);
INSERT INTO "data_sharing_readings" VALUES(1,1994504,108);
INSERT INTO "data_sharing_readings" VALUES(1,1994505,109);
INSERT INTO "data_sharing_readings" VALUES(1,1994506,110);
INSERT INTO "data_sharing_readings" VALUES(1,1994507,111);
INSERT INTO "data_sharing_readings" VALUES(1,1994508,112);
INSERT INTO "data_sharing_readings" VALUES(1,1994509,113);
INSERT INTO "data_sharing_readings" VALUES(1,1994510,114);
INSERT INTO "data_sharing_readings" VALUES(1,1994511,115);
INSERT INTO "data_sharing_readings" VALUES(1,1994512,116);
INSERT INTO "data_sharing_readings" VALUES(1,1994513,117);
INSERT INTO "data_sharing_readings" VALUES(1,1994514,118);
INSERT INTO "data_sharing_readings" VALUES(1,1994515,119);
INSERT INTO "data_sharing_readings" VALUES(1,1994516,120);
INSERT INTO "data_sharing_readings" VALUES(1,1994517,121);
INSERT INTO "data_sharing_readings" VALUES(1,1994518,122);
INSERT INTO "data_sharing_readings" VALUES(1,1994519,123);
INSERT INTO "data_sharing_readings" VALUES(1,1994520,124);
INSERT INTO "data_sharing_readings" VALUES(1,1994521,125);
INSERT INTO "data_sharing_readings" VALUES(1,1994522,126);
INSERT INTO "data_sharing_readings" VALUES(1,1994523,127);
INSERT INTO "data_sharing_readings" VALUES(1,1994524,128);
INSERT INTO "data_sharing_readings" VALUES(1,1994525,129);
INSERT INTO "data_sharing_readings" VALUES(1,1994526,130);
INSERT INTO "data_sharing_readings" VALUES(1,1994527,131);
INSERT INTO "data_sharing_readings" VALUES(1,1994528,132);
INSERT INTO "data_sharing_readings" VALUES(1,1994529,133);
INSERT INTO "data_sharing_readings" VALUES(1,1994530,134);
INSERT INTO "data_sharing_readings" VALUES(1,1994531,135);
INSERT INTO "data_sharing_readings" VALUES(1,1994532,136);
INSERT INTO "data_sharing_readings" VALUES(1,1994533,137);
INSERT INTO "data_sharing_readings" VALUES(1,1994534,138);
INSERT INTO "data_sharing_readings" VALUES(1,1994535,139);
INSERT INTO "data_sharing_readings" VALUES(1,1994536,140);
INSERT INTO "data_sharing_readings" VALUES(1,1994537,141);
INSERT INTO "data_sharing_readings" VALUES(1,1994538,142);
INSERT INTO "data_sharing_readings" VALUES(1,1994539,143);
INSERT INTO "data_sharing_readings" VALUES(1,1994540,144);
INSERT INTO "data_sharing_readings" VALUES(1,1994541,145);
INSERT INTO "data_sharing_readings" VALUES(1,1994542,146);
INSERT INTO "data_sharing_readings" VALUES(1,1994543,147);
INSERT INTO "data_sharing_readings" VALUES(1,1994544,148);
INSERT INTO "data_sharing_readings" VALUES(1,1994545,149);
INSERT INTO "data_sharing_readings" VALUES(1,1994546,150);
INSERT INTO "data_sharing_readings" VALUES(1,1994547,151);
INSERT INTO "data_sharing_readings" VALUES(1,1994548,152);
INSERT INTO "data_sharing_readings" VALUES(1,1994549,153);
INSERT INTO "data_sharing_readings" VALUES(1,1994550,154);
INSERT INTO "data_sharing_readings" VALUES(1,1994551,155);
INSERT INTO "data_sharing_readings" VALUES(1,1994552,156);
INSERT INTO "data_sharing_readings" VALUES(1,1994553,157);
INSERT INTO "data_sharing_readings" VALUES(1,1994554,158);
INSERT INTO "data_sharing_readings" VALUES(1,1994555,159);
INSERT INTO "data_sharing_readings" VALUES(1,1994556,160);
INSERT INTO "data_sharing_readings" VALUES(1,1994557,161);
INSERT INTO "data_sharing_readings" VALUES(1,1994558,162);
INSERT INTO "data_sharing_readings" VALUES(1,1994559,163);
INSERT INTO "data_sharing_readings" VALUES(1,1994560,164);
INSERT INTO "data_sharing_readings" VALUES(1,1994561,165);
INSERT INTO "data_sharing_readings" VALUES(1,1994562,166);
INSERT INTO "data_sharing_readings" VALUES(1,1994563,167);
INSERT INTO "data_sharing_readings" VALUES(1,1994564,168);
INSERT INTO "data_sharing_readings" VALUES(1,1994565,169);
INSERT INTO "data_sharing_readings" VALUES(1,1994566,170);
INSERT INTO "data_sharing_readings" VALUES(1,1994567,171);
INSERT INTO "data_sharing_readings" VALUES(1,1994568,172);
INSERT INTO "data_sharing_readings" VALUES(1,1994569,173);
INSERT INTO "data_sharing_readings" VALUES(1,1994570,174);
INSERT INTO "data_sharing_readings" VALUES(1,1994571,175);
INSERT INTO "data_sharing_readings" VALUES(1,1994572,176);
INSERT INTO "data_sharing_readings" VALUES(1,1994573,177);
INSERT INTO "data_sharing_readings" VALUES(1,1994574,178);
INSERT INTO "data_sharing_readings" VALUES(1,1994575,179);
INSERT INTO "data_sharing_readings" VALUES(1,1994576,180);
INSERT INTO "data_sharing_readings" VALUES(1,1994577,181);
INSERT INTO "data_sharing_readings" VALUES(1,1994578,182);
INSERT INTO "data_sharing_readings" VALUES(1,1994579,183);
INSERT INTO "data_sharing_readings" VALUES(1,1994580,184);
INSERT INTO "data_sharing_readings" VALUES(1,1994581,185);
INSERT INTO "data_sharing_readings" VALUES(1,1994582,186);
INSERT INTO "data_sharing_readings" VALUES(1,1994583,187);
INSERT INTO "data_sharing_readings" VALUES(1,1994584,188);
INSERT INTO "data_sharing_readings" VALUES(1,1994585,189);
INSERT INTO "data_sharing_readings" VALUES(1,1994586,190);
INSERT INTO "data_sharing_readings" VALUES(1,1994587,191);
INSERT INTO "data_sharing_readings" VALUES(1,1994588,192);
INSERT INTO "data_sharing_readings" VALUES(1,1994589,193);
INSERT INTO "data_sharing_readings" VALUES(1,1994590,194);
INSERT INTO "data_sharing_readings" VALUES(1,1994591,195);
INSERT INTO "data_sharing_readings" VALUES(2,1994496,200);
INSERT INTO "data_sharing_readings" VALUES(2,1994497,201);
INSERT INTO "data_sharing_readings" VALUES(2,1994498,202);
INSERT INTO "data_sharing_readings" VALUES(2,1994499,203);
INSERT INTO "data_sharing_readings" VALUES(2,1994500,204);
INSERT INTO "data_sharing_readings" VALUES(2,1994501,205);
INSERT INTO "data_sharing_readings" VALUES(2,1994502,206);
INSERT INTO "data_sharing_readings" VALUES(2,1994503,207);
INSERT INTO "data_sharing_readings" VALUES(2,1994504,208);
INSERT INTO "data_sharing_readings" VALUES(2,1994505,209);
INSERT INTO "data_sharing_readings" VALUES(2,1994506,210);
INSERT INTO "data_sharing_readings" VALUES(2,1994507,211);
INSERT INTO "data_sharing_readings" VALUES(2,1994508,212);
INSERT INTO "data_sharing_readings" VALUES(2,1994509,213);
INSERT INTO "data_sharing_readings" VALUES(2,1994510,214);
INSERT INTO "data_sharing_readings" VALUES(2,1994511,215);
INSERT INTO "data_sharing_readings" VALUES(2,1994512,216);
INSERT INTO "data_sharing_readings" VALUES(2,1994513,217);
INSERT INTO "data_sharing_readings" VALUES(2,1994514,218);
INSERT INTO "data_sharing_readings" VALUES(2,1994515,219);
INSERT INTO "data_sharing_readings" VALUES(2,1994516,220);
INSERT INTO "data_sharing_readings" VALUES(2,1994517,221);
INSERT INTO "data_sharing_readings" VALUES(2,1994518,222);
INSERT INTO "data_sharing_readings" VALUES(2,1994519,223);
INSERT INTO "data_sharing_readings" VALUES(2,1994520,224);
INSERT INTO "data_sharing_readings" VALUES(2,1994521,225);
INSERT INTO "data_sharing_readings" VALUES(2,1994522,226);
INSERT INTO "data_sharing_readings" VALUES(2,1994523,227);
INSERT INTO "data_sharing_readings" VALUES(2,1994524,228);
INSERT INTO "data_sharing_readings" VALUES(2,1994525,229);
INSERT INTO "data_sharing_readings" VALUES(2,1994526,230);
INSERT INTO "data_sharing_readings" VALUES(2,1994527,231);
INSERT INTO "data_sharing_readings" VALUES(2,1994528,232);
INSERT INTO "data_sharing_readings" VALUES(2,1994529,233);
INSERT INTO "data_sharing_readings" VALUES(2,1994530,234);
INSERT INTO "data_sharing_readings" VALUES(2,1994531,235);
INSERT INTO "data_sharing_readings" VALUES(2,1994532,236);
INSERT INTO "data_sharing_readings" VALUES(2,1994533,237);
INSERT INTO "data_sharing_readings" VALUES(2,1994534,238);
INSERT INTO "data_sharing_readings" VALUES(2,1994535,239);
INSERT INTO "data_sharing_readings" VALUES(2,1994536,240);
INSERT INTO "data_sharing_readings" VALUES(2,1994537,241);
INSERT INTO "data_sharing_readings" VALUES(2,1994538,242);
INSERT INTO "data_sharing_readings" VALUES(2,1994539,243);
INSERT INTO "data_sharing_readings" VALUES(2,1994540,244);
INSERT INTO "data_sharing_readings" VALUES(2,1994541,245);
INSERT INTO "data_sharing_readings" VALUES(2,1994542,246);
INSERT INTO "data_sharing_readings" VALUES(2,1994543,247);
INSERT INTO "data_sharing_readings" VALUES(2,1994544,248);
INSERT INTO "data_sharing_readings" VALUES(2,1994545,249);
INSERT INTO "data_sharing_readings" VALUES(2,1994546,250);
INSERT INTO "data_sharing_readings" VALUES(2,1994547,251);
INSERT INTO "data_sharing_readings" VALUES(2,1994548,252);
INSERT INTO "data_sharing_readings" VALUES(2,1994549,253);
INSERT INTO "data_sharing_readings" VALUES(2,1994550,254);
INSERT INTO "data_sharing_readings" VALUES(2,1994551,255);
INSERT INTO "data_sharing_readings" VALUES(2,1994552,256);
INSERT INTO "data_sharing_readings" VALUES(2,1994553,257);
INSERT INTO "data_sharing_readings" VALUES(2,1994554,258);
INSERT INTO "data_sharing_readings" VALUES(2,1994555,259);
INSERT INTO "data_sharing_readings" VALUES(2,1994556,260);
INSERT INTO "data_sharing_readings" VALUES(2,1994557,261);
INSERT INTO "data_sharing_readings" VALUES(2,1994558,262);
INSERT INTO "data_sharing_readings" VALUES(2,1994559,263);
INSERT INTO "data_sharing_readings" VALUES(2,1994560,264);
INSERT INTO "data_sharing_readings" VALUES(2,1994561,265);
INSERT INTO "data_sharing_readings" VALUES(2,1994562,266);
INSERT INTO "data_sharing_readings" VALUES(2,1994563,267);
INSERT INTO "data_sharing_readings" VALUES(2,1994564,268);
INSERT INTO "data_sharing_readings" VALUES(2,1994565,269);
INSERT INTO "data_sharing_readings" VALUES(2,1994566,270);
INSERT INTO "data_sharing_readings" VALUES(2,1994567,271);
INSERT INTO "data_sharing_readings" VALUES(2,1994568,272);
INSERT INTO "data_sharing_readings" VALUES(2,1994569,273);
INSERT INTO "data_sharing_readings" VALUES(2,1994570,274);
INSERT INTO "data_sharing_readings" VALUES(2,1994571,275);
INSERT INTO "data_sharing_readings" VALUES(2,1994572,276);
INSERT INTO "data_sharing_readings" VALUES(2,1994573,277);
INSERT INTO "data_sharing_readings" VALUES(2,1994574,278);
INSERT INTO "data_sharing_readings" VALUES(2,1994575,279);
INSERT INTO "data_sharing_readings" VALUES(2,1994576,280);
INSERT INTO "data_sharing_readings" VALUES(2,1994577,281);
INSERT INTO "data_sharing_readings" VALUES(2,1994578,282);
INSERT INTO "data_sharing_readings" VALUES(2,1994579,283);
INSERT INTO "data_sharing_readings" VALUES(2,1994580,284);
INSERT INTO "data_sharing_readings" VALUES(2,1994581,285);
INSERT INTO "data_sharing_readings" VALUES(2,1994582,286);
INSERT INTO "data_sharing_readings" VALUES(2,1994583,287);
INSERT INTO "data_sharing_readings" VALUES(2,1994584,288);
INSERT INTO "data_sharing_readings" VALUES(2,1994585,289);
INSERT INTO "data_sharing_readings" VALUES(2,1994586,290);
INSERT INTO "data_sharing_readings" VALUES(2,1994587,291);
INSERT INTO "data_sharing_readings" VALUES(2,1994588,292);
INSERT INTO "data_sharing_readings" VALUES(2,1994589,293);
INSERT INTO "data_sharing_readings" VALUES(2,1994590,294);
INSERT INTO "data_sharing_readings" VALUES(2,1994591,295);
INSERT INTO "data_sharing_readings" VALUES(3,1994496,0);
INSERT INTO "data_sharing_readings" VALUES(3,1994497,1);
INSERT INTO "data_sharing_readings" VALUES(3,1994498,12345);
CREATE TABLE flexibility_acknowledgements (
    subject VARCHAR NOT NULL,
    party VARCHAR NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    acknowledged_by VARCHAR NOT NULL,
    acknowledged_at VARCHAR NOT NULL,
    acknowledged_at_utc VARCHAR(27) NOT NULL,
    PRIMARY KEY (subject, party, request_id, offer_id, acknowledged_by)
);
INSERT INTO "flexibility_acknowledgements" VALUES('need','https://aggregator.example.org/kb','N1','','Aggregator One','2026-11-20T12:30:00+01:00','2026-11-20T11:30:00.000000Z');
INSERT INTO "flexibility_acknowledgements" VALUES('order','https://aggregator.example.org/kb','N1','O1','Aggregator One','2026-11-20T12:30:00+01:00','2026-11-20T11:30:00.000000Z');
CREATE TABLE flexibility_needs (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    type_power VARCHAR NOT NULL,
    eligible_clients JSON NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (request_id)
);
INSERT INTO "flexibility_needs" VALUES(1,'2026-11-20T12:00:00.250000Z','2026-11-21T11:00:00+01:00','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','100','kW','Down','Active','["M1", "M2", "M3"]');
INSERT INTO "flexibility_needs" VALUES(2,'2026-11-20T12:00:00.250000Z','2026-11-21T11:00:00+01:00','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N2','0.000000000000000001','kW','Up','Active','["M3"]');
CREATE TABLE flexibility_offers (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    offer VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    price VARCHAR NOT NULL,
    meter_ids JSON NOT NULL,
    provider VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (provider, request_id, offer_id)
);
INSERT INTO "flexibility_offers" VALUES(1,'2026-11-20T12:01:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O1','60','kW','0.1','["M1"]','https://aggregator.example.org/kb');
INSERT INTO "flexibility_offers" VALUES(2,'2026-11-20T12:01:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O2','12345678901234567.8','kW','0.25','["M1", "M2"]','https://aggregator.example.org/kb');
INSERT INTO "flexibility_offers" VALUES(3,'2026-11-20T12:01:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O1','60','kW','0.1','["M1"]','https://retailer.example.org/kb');
CREATE TABLE flexibility_orders (
    number INTEGER NOT NULL,
    received_at VARCHAR(27) NOT NULL,
    start_time VARCHAR NOT NULL,
    start_time_utc VARCHAR(27) NOT NULL,
    end_time VARCHAR NOT NULL,
    end_time_utc VARCHAR(27) NOT NULL,
    request_id VARCHAR NOT NULL,
    offer_id VARCHAR NOT NULL,
    activation VARCHAR NOT NULL,
    quantity VARCHAR NOT NULL,
    measurement_unit VARCHAR NOT NULL,
    offered_quantity VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (provider, request_id, offer_id)
);
INSERT INTO "flexibility_orders" VALUES(1,'2026-11-20T12:02:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O1','Yes','60','kW','60','https://aggregator.example.org/kb');
INSERT INTO "flexibility_orders" VALUES(2,'2026-11-20T12:02:00.250000Z','2026-11-21T10:00:00Z','2026-11-21T10:00:00.000000Z','2026-11-21T13:00:00Z','2026-11-21T13:00:00.000000Z','N1','O2','No','12345678901234567.8','kW','12345678901234567.8','https://aggregator.example.org/kb');
CREATE INDEX ix_flexibility_needs_start_time_utc ON flexibility_needs (start_time_utc);
CREATE INDEX ix_flexibility_needs_end_time_utc ON flexibility_needs (end_time_utc);
CREATE INDEX ix_flexibility_offers_start_time_utc ON flexibility_offers (start_time_utc);
CREATE INDEX ix_flexibility_offers_end_time_utc ON flexibility_offers (end_time_utc);
CREATE INDEX ix_flexibility_orders_start_time_utc ON flexibility_orders (start_time_utc);
CREATE INDEX ix_flexibility_orders_end_time_utc ON flexibility_orders (end_time_utc);
CREATE INDEX ix_data_sharing_customers_zone ON data_sharing_customers (zone);
CREATE INDEX ix_data_sharing_grants_valid_until_utc ON data_sharing_grants (valid_until_utc);
CREATE INDEX ix_data_sharing_grants_valid_from_utc ON data_sharing_grants (valid_from_utc);
CREATE INDEX ix_aggregator_needs_end_time_utc ON aggregator_needs (end_time_utc);
CREATE INDEX ix_aggregator_needs_start_time_utc ON aggregator_needs (start_time_utc);
CREATE INDEX ix_aggregator_offers_end_time_utc ON aggregator_offers (end_time_utc);
CREATE INDEX ix_aggregator_offers_start_time_utc ON aggregator_offers (start_time_utc);
CREATE INDEX ix_aggregator_orders_start_time_utc ON aggregator_orders (start_time_utc);
CREATE INDEX ix_aggregator_orders_end_time_utc ON aggregator_orders (end_time_utc);
COMMIT;
