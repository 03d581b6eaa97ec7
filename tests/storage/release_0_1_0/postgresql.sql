CREATE TABLE public.aggregator_acknowledgements (
    subject character varying NOT NULL,
    party character varying NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    acknowledged_by character varying NOT NULL,
    acknowledged_at character varying NOT NULL,
    acknowledged_at_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.aggregator_needs (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    needs numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    direction character varying NOT NULL,
    type_power character varying NOT NULL,
    eligible_clients json NOT NULL,
    sender character varying NOT NULL
);
CREATE SEQUENCE public.aggregator_needs_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.aggregator_needs_number_seq OWNED BY public.aggregator_needs.number;
CREATE TABLE public.aggregator_offers (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    offer numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    price numeric NOT NULL,
    meter_ids json NOT NULL,
    dso character varying NOT NULL
);
CREATE SEQUENCE public.aggregator_offers_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.aggregator_offers_number_seq OWNED BY public.aggregator_offers.number;
CREATE TABLE public.aggregator_orders (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    activation character varying NOT NULL,
    quantity numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    offered_quantity numeric NOT NULL,
    dso character varying NOT NULL
);
CREATE SEQUENCE public.aggregator_orders_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.aggregator_orders_number_seq OWNED BY public.aggregator_orders.number;
CREATE TABLE public.aggregator_prices (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    meter_id character varying NOT NULL,
    capacity numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    price numeric NOT NULL
);
CREATE SEQUENCE public.aggregator_prices_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.aggregator_prices_number_seq OWNED BY public.aggregator_prices.number;
CREATE TABLE public.aggregator_readings (
    "user" character varying NOT NULL,
    granularity integer NOT NULL,
    time_utc timestamp with time zone NOT NULL,
    "time" character varying NOT NULL,
    measurement numeric NOT NULL,
    unit character varying NOT NULL
);
CREATE TABLE public.data_sharing_customers (
    id integer NOT NULL,
    user_id character varying NOT NULL,
    meter_id character varying NOT NULL,
    zone character varying NOT NULL
);
CREATE SEQUENCE public.data_sharing_customers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.data_sharing_customers_id_seq OWNED BY public.data_sharing_customers.id;
CREATE TABLE public.data_sharing_grants (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    reference character varying NOT NULL,
    "user" character varying NOT NULL,
    grantee character varying NOT NULL,
    valid_from character varying NOT NULL,
    valid_from_utc timestamp with time zone NOT NULL,
    valid_until character varying NOT NULL,
    valid_until_utc timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.data_sharing_grants_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.data_sharing_grants_number_seq OWNED BY public.data_sharing_grants.number;
CREATE TABLE public.data_sharing_readings (
    customer integer NOT NULL,
    quarter integer NOT NULL,
    watts integer NOT NULL
);
CREATE TABLE public.flexibility_acknowledgements (
    subject character varying NOT NULL,
    party character varying NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    acknowledged_by character varying NOT NULL,
    acknowledged_at character varying NOT NULL,
    acknowledged_at_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.flexibility_needs (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    needs numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    direction character varying NOT NULL,
    type_power character varying NOT NULL,
    eligible_clients json NOT NULL
);
CREATE SEQUENCE public.flexibility_needs_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.flexibility_needs_number_seq OWNED BY public.flexibility_needs.number;
CREATE TABLE public.flexibility_offers (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    offer numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    price numeric NOT NULL,
    meter_ids json NOT NULL,
    provider character varying NOT NULL
);
CREATE SEQUENCE public.flexibility_offers_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.flexibility_offers_number_seq OWNED BY public.flexibility_offers.number;
CREATE TABLE public.flexibility_orders (
    number integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    start_time character varying NOT NULL,
    start_time_utc timestamp with time zone NOT NULL,
    end_time character varying NOT NULL,
    end_time_utc timestamp with time zone NOT NULL,
    request_id character varying NOT NULL,
    offer_id character varying NOT NULL,
    activation character varying NOT NULL,
    quantity numeric NOT NULL,
    measurement_unit character varying NOT NULL,
    offered_quantity numeric NOT NULL,
    provider character varying NOT NULL
);
CREATE SEQUENCE public.flexibility_orders_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.flexibility_orders_number_seq OWNED BY public.flexibility_orders.number;
ALTER TABLE ONLY public.aggregator_needs ALTER COLUMN number SET DEFAULT nextval('public.aggregator_needs_number_seq'::regclass);
ALTER TABLE ONLY public.aggregator_offers ALTER COLUMN number SET DEFAULT nextval('public.aggregator_offers_number_seq'::regclass);
ALTER TABLE ONLY public.aggregator_orders ALTER COLUMN number SET DEFAULT nextval('public.aggregator_orders_number_seq'::regclass);
ALTER TABLE ONLY public.aggregator_prices ALTER COLUMN number SET DEFAULT nextval('public.aggregator_prices_number_seq'::regclass);
ALTER TABLE ONLY public.data_sharing_customers ALTER COLUMN id SET DEFAULT nextval('public.data_sharing_customers_id_seq'::regclass);
ALTER TABLE ONLY public.data_sharing_grants ALTER COLUMN number SET DEFAULT nextval('public.data_sharing_grants_number_seq'::regclass);
ALTER TABLE ONLY public.flexibility_needs ALTER COLUMN number SET DEFAULT nextval('public.flexibility_needs_number_seq'::regclass);
ALTER TABLE ONLY public.flexibility_offers ALTER COLUMN number SET DEFAULT nextval('public.flexibility_offers_number_seq'::regclass);
ALTER TABLE ONLY public.flexibility_orders ALTER COLUMN number SET DEFAULT nextval('public.flexibility_orders_number_seq'::regclass);
INSERT INTO public.aggregator_acknowledgements VALUES
	('offer', 'https://dso.example.org/kb', 'N1', 'O1', 'Aggregator One', '2026-11-20T12:30:00+01:00', '2026-11-20 11:30:00+00');
INSERT INTO public.aggregator_needs VALUES
	(1, '2026-11-20 12:00:00.25+00', '2026-11-21T11:00:00+01:00', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 100, 'kW', 'Down', 'Active', '["M1", "M2", "M3"]', 'https://dso.example.org/kb');
INSERT INTO public.aggregator_offers VALUES
	(1, '2026-11-20 12:00:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O1', 60, 'kW', 0.1, '["M1"]', 'https://dso.example.org/kb'),
	(2, '2026-11-20 12:00:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O2', 12345678901234567.8, 'kW', 0.25, '["M1", "M2"]', 'https://dso.example.org/kb');
INSERT INTO public.aggregator_orders VALUES
	(1, '2026-11-20 12:00:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O1', 'Yes', 60, 'kW', 60, 'https://dso.example.org/kb'),
	(2, '2026-11-20 12:00:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O2', 'No', 12345678901234567.8, 'kW', 12345678901234567.8, 'https://dso.example.org/kb');
INSERT INTO public.aggregator_prices VALUES
	(1, '2026-11-20 12:00:00.25+00', 'M1', 1.5, 'kW', 0.12);
INSERT INTO public.aggregator_readings VALUES
	('U1', 1, '2026-11-19 00:00:00+00', '2026-11-19T00:00:00Z', 0.1, 'kW');
INSERT INTO public.data_sharing_customers VALUES
	(1, 'U1', 'M1', 'Z1'),
	(2, 'U2', 'M2', 'Z1'),
	(3, 'U3', 'M3', 'Z2');
INSERT INTO public.data_sharing_grants VALUES
	(1, '2026-11-20 12:00:00.25+00', 'G1', 'U1', 'https://aggregator.example.org/kb', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00+00', '2027-01-01T01:00:00+01:00', '2027-01-01 00:00:00+00'),
	(2, '2026-11-20 12:00:00.25+00', 'G2', 'U2', 'https://retailer.example.org/kb', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00+00', '2026-06-01T00:00:00Z', '2026-06-01 00:00:00+00'),
	(3, '2026-11-20 12:00:00.25+00', 'G3', 'U3', 'https://gone.example.org/kb', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00+00', '2027-01-01T00:00:00Z', '2027-01-01 00:00:00+00');
INSERT INTO public.data_sharing_readings VALUES
	(1, 1994496, 100),
	(1, 1994497, 101),
	(1, 1994498, 102),
	(1, 1994499, 103),
	(1, 1994500, 104),
	(1, 1994501, 105),
	(1, 1994502, 106),
	(1, 1994503, 107),
	(1, 1994504, 108),
	(1, 1994505, 109),
	(1, 1994506, 110),
	(1, 1994507, 111),
	(1, 1994508, 112),
	(1, 1994509, 113),
	(1, 1994510, 114),
	(1, 1994511, 115),
	(1, 1994512, 116),
	(1, 1994513, 117),
	(1, 1994514, 118),
	(1, 1994515, 119),
	(1, 1994516, 120),
	(1, 1994517, 121),
	(1, 1994518, 122),
	(1, 1994519, 123),
	(1, 1994520, 124),
	(1, 1994521, 125),
	(1, 1994522, 126),
	(1, 1994523, 127),
	(1, 1994524, 128),
	(1, 1994525, 129),
	(1, 1994526, 130),
	(1, 1994527, 131),
	(1, 1994528, 132),
	(1, 1994529, 133),
	(1, 1994530, 134),
	(1, 1994531, 135),
	(1, 1994532, 136),
	(1, 1994533, 137),
	(1, 1994534, 138),
	(1, 1994535, 139),
	(1, 1994536, 140),
	(1, 1994537, 141),
	(1, 1994538, 142),
	(1, 1994539, 143),
	(1, 1994540, 144),
	(1, 1994541, 145),
	(1, 1994542, 146),
	(1, 1994543, 147),
	(1, 1994544, 148),
	(1, 1994545, 149),
	(1, 1994546, 150),
	(1, 1994547, 151),
	(1, 1994548, 152),
	(1, 1994549, 153),
	(1, 1994550, 154),
	(1, 1994551, 155),
	(1, 1994552, 156),
	(1, 1994553, 157),
	(1, 1994554, 158),
	(1, 1994555, 159),
	(1, 1994556, 160),
	(1, 1994557, 161),
	(1, 1994558, 162),
	(1, 1994559, 163),
	(1, 1994560, 164),
	(1, 1994561, 165),
	(1, 1994562, 166),
	(1, 1994563, 167),
	(1, 1994564, 168),
	(1, 1994565, 169),
	(1, 1994566, 170),
	(1, 1994567, 171),
	(1, 1994568, 172),
	(1, 1994569, 173),
	(1, 1994570, 174),
	(1, 1994571, 175),
	(1, 1994572, 176),
	(1, 1994573, 177),
	(1, 1994574, 178),
	(1, 1994575, 179),
	(1, 1994576, 180),
	(1, 1994577, 181),
	(1, 1994578, 182),
	(1, 1994579, 183),
	(1, 1994580, 184),
	(1, 1994581, 185),
	(1, 1994582, 186),
	(1, 1994583, 187),
	(1, 1994584, 188),
	(1, 1994585, 189),
	(1, 1994586, 190),
	(1, 1994587, 191),
	(1, 1994588, 192),
	(1, 1994589, 193),
	(1, 1994590, 194),
	(1, 1994591, 195),
	(2, 1994496, 200),
	(2, 1994497, 201),
	(2, 1994498, 202),
	(2, 1994499, 203),
	(2, 1994500, 204),
	(2, 1994501, 205),
	(2, 1994502, 206),
	(2, 1994503, 207),
	(2, 1994504, 208),
	(2, 1994505, 209),
	(2, 1994506, 210),
	(2, 1994507, 211),
	(2, 1994508, 212),
	(2, 1994509, 213),
	(2, 1994510, 214),
	(2, 1994511, 215),
	(2, 1994512, 216),
	(2, 1994513, 217),
	(2, 1994514, 218),
	(2, 1994515, 219),
	(2, 1994516, 220),
	(2, 1994517, 221),
	(2, 1994518, 222),
	(2, 1994519, 223),
	(2, 1994520, 224),
	(2, 1994521, 225),
	(2, 1994522, 226),
	(2, 1994523, 227),
	(2, 1994524, 228),
	(2, 1994525, 229),
	(2, 1994526, 230),
	(2, 1994527, 231),
	(2, 1994528, 232),
	(2, 1994529, 233),
	(2, 1994530, 234),
	(2, 1994531, 235),
	(2, 1994532, 236),
	(2, 1994533, 237),
	(2, 1994534, 238),
	(2, 1994535, 239),
	(2, 1994536, 240),
	(2, 1994537, 241),
	(2, 1994538, 242),
	(2, 1994539, 243),
	(2, 1994540, 244),
	(2, 1994541, 245),
	(2, 1994542, 246),
	(2, 1994543, 247),
	(2, 1994544, 248),
	(2, 1994545, 249),
	(2, 1994546, 250),
	(2, 1994547, 251),
	(2, 1994548, 252),
	(2, 1994549, 253),
	(2, 1994550, 254),
	(2, 1994551, 255),
	(2, 1994552, 256),
	(2, 1994553, 257),
	(2, 1994554, 258),
	(2, 1994555, 259),
	(2, 1994556, 260),
	(2, 1994557, 261),
	(2, 1994558, 262),
	(2, 1994559, 263),
	(2, 1994560, 264),
	(2, 1994561, 265),
	(2, 1994562, 266),
	(2, 1994563, 267),
	(2, 1994564, 268),
	(2, 1994565, 269),
	(2, 1994566, 270),
	(2, 1994567, 271),
	(2, 1994568, 272),
	(2, 1994569, 273),
	(2, 1994570, 274),
	(2, 1994571, 275),
	(2, 1994572, 276),
	(2, 1994573, 277),
	(2, 1994574, 278),
	(2, 1994575, 279),
	(2, 1994576, 280),
	(2, 1994577, 281),
	(2, 1994578, 282),
	(2, 1994579, 283),
	(2, 1994580, 284),
	(2, 1994581, 285),
	(2, 1994582, 286),
	(2, 1994583, 287),
	(2, 1994584, 288),
	(2, 1994585, 289),
	(2, 1994586, 290),
	(2, 1994587, 291),
	(2, 1994588, 292),
	(2, 1994589, 293),
	(2, 1994590, 294),
	(2, 1994591, 295),
	(3, 1994496, 0),
	(3, 1994497, 1),
	(3, 1994498, 12345);
INSERT INTO public.flexibility_acknowledgements VALUES
	('need', 'https://aggregator.example.org/kb', 'N1', '', 'Aggregator One', '2026-11-20T12:30:00+01:00', '2026-11-20 11:30:00+00'),
	('order', 'https://aggregator.example.org/kb', 'N1', 'O1', 'Aggregator One', '2026-11-20T12:30:00+01:00', '2026-11-20 11:30:00+00');
INSERT INTO public.flexibility_needs VALUES
	(1, '2026-11-20 12:00:00.25+00', '2026-11-21T11:00:00+01:00', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 100, 'kW', 'Down', 'Active', '["M1", "M2", "M3"]'),
	(2, '2026-11-20 12:00:00.25+00', '2026-11-21T11:00:00+01:00', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N2', 0.000000000000000001, 'kW', 'Up', 'Active', '["M3"]');
INSERT INTO public.flexibility_offers VALUES
	(1, '2026-11-20 12:01:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O1', 60, 'kW', 0.1, '["M1"]', 'https://aggregator.example.org/kb'),
	(2, '2026-11-20 12:01:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O2', 12345678901234567.8, 'kW', 0.25, '["M1", "M2"]', 'https://aggregator.example.org/kb'),
	(3, '2026-11-20 12:01:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O1', 60, 'kW', 0.1, '["M1"]', 'https://retailer.example.org/kb');
INSERT INTO public.flexibility_orders VALUES
	(1, '2026-11-20 12:02:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O1', 'Yes', 60, 'kW', 60, 'https://aggregator.example.org/kb'),
	(2, '2026-11-20 12:02:00.25+00', '2026-11-21T10:00:00Z', '2026-11-21 10:00:00+00', '2026-11-21T13:00:00Z', '2026-11-21 13:00:00+00', 'N1', 'O2', 'No', 12345678901234567.8, 'kW', 12345678901234567.8, 'https://aggregator.example.org/kb');
SELECT pg_catalog.setval('public.aggregator_needs_number_seq', 1, true);
SELECT pg_catalog.setval('public.aggregator_offers_number_seq', 2, true);
SELECT pg_catalog.setval('public.aggregator_orders_number_seq', 2, true);
SELECT pg_catalog.setval('public.aggregator_prices_number_seq', 1, true);
SELECT pg_catalog.setval('public.data_sharing_customers_id_seq', 3, true);
SELECT pg_catalog.setval('public.data_sharing_grants_number_seq', 3, true);
SELECT pg_catalog.setval('public.flexibility_needs_number_seq', 2, true);
SELECT pg_catalog.setval('public.flexibility_offers_number_seq', 3, true);
SELECT pg_catalog.setval('public.flexibility_orders_number_seq', 2, true);
ALTER TABLE ONLY public.aggregator_acknowledgements
    ADD CONSTRAINT aggregator_acknowledgements_pkey PRIMARY KEY (subject, party, request_id, offer_id, acknowledged_by);
ALTER TABLE ONLY public.aggregator_needs
    ADD CONSTRAINT aggregator_needs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.aggregator_needs
    ADD CONSTRAINT aggregator_needs_sender_request_id_key UNIQUE (sender, request_id);
ALTER TABLE ONLY public.aggregator_offers
    ADD CONSTRAINT aggregator_offers_dso_request_id_offer_id_key UNIQUE (dso, request_id, offer_id);
ALTER TABLE ONLY public.aggregator_offers
    ADD CONSTRAINT aggregator_offers_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.aggregator_orders
    ADD CONSTRAINT aggregator_orders_dso_request_id_offer_id_key UNIQUE (dso, request_id, offer_id);
ALTER TABLE ONLY public.aggregator_orders
    ADD CONSTRAINT aggregator_orders_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.aggregator_prices
    ADD CONSTRAINT aggregator_prices_meter_id_measurement_unit_key UNIQUE (meter_id, measurement_unit);
ALTER TABLE ONLY public.aggregator_prices
    ADD CONSTRAINT aggregator_prices_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.aggregator_readings
    ADD CONSTRAINT aggregator_readings_pkey PRIMARY KEY ("user", granularity, time_utc);
ALTER TABLE ONLY public.data_sharing_customers
    ADD CONSTRAINT data_sharing_customers_meter_id_key UNIQUE (meter_id);
ALTER TABLE ONLY public.data_sharing_customers
    ADD CONSTRAINT data_sharing_customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.data_sharing_customers
    ADD CONSTRAINT data_sharing_customers_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.data_sharing_grants
    ADD CONSTRAINT data_sharing_grants_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.data_sharing_grants
    ADD CONSTRAINT data_sharing_grants_reference_key UNIQUE (reference);
ALTER TABLE ONLY public.data_sharing_readings
    ADD CONSTRAINT data_sharing_readings_pkey PRIMARY KEY (customer, quarter);
ALTER TABLE ONLY public.flexibility_acknowledgements
    ADD CONSTRAINT flexibility_acknowledgements_pkey PRIMARY KEY (subject, party, request_id, offer_id, acknowledged_by);
ALTER TABLE ONLY public.flexibility_needs
    ADD CONSTRAINT flexibility_needs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.flexibility_needs
    ADD CONSTRAINT flexibility_needs_request_id_key UNIQUE (request_id);
ALTER TABLE ONLY public.flexibility_offers
    ADD CONSTRAINT flexibility_offers_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.flexibility_offers
    ADD CONSTRAINT flexibility_offers_provider_request_id_offer_id_key UNIQUE (provider, request_id, offer_id);
ALTER TABLE ONLY public.flexibility_orders
    ADD CONSTRAINT flexibility_orders_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.flexibility_orders
    ADD CONSTRAINT flexibility_orders_provider_request_id_offer_id_key UNIQUE (provider, request_id, offer_id);
CREATE INDEX ix_aggregator_needs_end_time_utc ON public.aggregator_needs USING btree (end_time_utc);
CREATE INDEX ix_aggregator_needs_start_time_utc ON public.aggregator_needs USING btree (start_time_utc);
CREATE INDEX ix_aggregator_offers_end_time_utc ON public.aggregator_offers USING btree (end_time_utc);
CREATE INDEX ix_aggregator_offers_start_time_utc ON public.aggregator_offers USING btree (start_time_utc);
CREATE INDEX ix_aggregator_orders_end_time_utc ON public.aggregator_orders USING btree (end_time_utc);
CREATE INDEX ix_aggregator_orders_start_time_utc ON public.aggregator_orders USING btree (start_time_utc);
CREATE INDEX ix_data_sharing_customers_zone ON public.data_sharing_customers USING btree (zone);
CREATE INDEX ix_data_sharing_grants_valid_from_utc ON public.data_sharing_grants USING btree (valid_from_utc);
CREATE INDEX ix_data_sharing_grants_valid_until_utc ON public.data_sharing_grants USING btree (valid_until_utc);
CREATE INDEX ix_flexibility_needs_end_time_utc ON public.flexibility_needs USING btree (end_time_utc);
CREATE INDEX ix_flexibility_needs_start_time_utc ON public.flexibility_needs USING btree (start_time_utc);
CREATE INDEX ix_flexibility_offers_end_time_utc ON public.flexibility_offers USING btree (end_time_utc);
CREATE INDEX ix_flexibility_offers_start_time_utc ON public.flexibility_offers USING btree (start_time_utc);
CREATE INDEX ix_flexibility_orders_end_time_utc ON public.flexibility_orders USING btree (end_time_utc);
CREATE INDEX ix_flexibility_orders_start_time_utc ON public.flexibility_orders USING btree (start_time_utc);
