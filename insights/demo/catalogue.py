"""What Northbean sells: about 120 products in twelve categories, and which of them belong together.

Each row: key, English name, Chinese name, price in EUR, how much it is asked for within its category, description.
"""

BEANS, TEA, FILTERS, CARE = "Coffee beans", "Tea", "Filters and paper", "Cleaning and care"
MACHINES, GRINDERS, BREWERS = "Espresso machines", "Grinders", "Brewers"
KETTLES, PARTS, CUPS = "Kettles and scales", "Barista tools and parts", "Cups and glass"
KITCHEN, GIFTS = "Kitchen", "Gifts"

CATALOGUE = {
    BEANS: [
        ("house_250", "House Espresso, 250 g", "招牌意式咖啡豆 250 克", 9.9, 9, "Our daily espresso blend from Brazil and Guatemala: cocoa, hazelnut, little acidity."),
        ("house_1kg", "House Espresso, 1 kg", "招牌意式咖啡豆 1 公斤", 29.5, 10, "The daily espresso blend in the kilo bag with valve, for households and offices that drink a lot."),
        ("house_5kg", "House Espresso, crate of 5 kg", "招牌意式咖啡豆 5 公斤箱装", 134.0, 6, "Five one-kilo bags of House Espresso in a returnable crate. For cafés."),
        ("northern_250", "Northern Light Filter, 250 g", "北光手冲咖啡豆 250 克", 11.5, 8, "Light filter roast from Ethiopia: jasmine, bergamot, peach."),
        ("northern_1kg", "Northern Light Filter, 1 kg", "北光手冲咖啡豆 1 公斤", 36.0, 6, "The light filter roast in the kilo bag."),
        ("kenya_250", "Kenya Nyeri AA, 250 g", "肯尼亚涅里 AA 咖啡豆 250 克", 14.9, 5, "Washed coffee from Nyeri: blackcurrant, grapefruit, a long finish."),
        ("yunnan_250", "Yunnan Pu'er Honey, 250 g", "云南普洱蜜处理咖啡豆 250 克", 12.9, 6, "Honey-processed coffee from the hills around Pu'er: brown sugar, red date, orange."),
        ("colombia_250", "Colombia Huila, 250 g", "哥伦比亚慧兰咖啡豆 250 克", 12.4, 6, "Medium roast from small farms in Huila: caramel, red apple, milk chocolate."),
        ("decaf_250", "Decaf Sugarcane, 250 g", "甘蔗低因咖啡豆 250 克", 12.9, 4, "Decaffeinated with sugarcane in Colombia. Sweet enough for the evening."),
        ("dark_1kg", "Napoli Dark Roast, 1 kg", "那不勒斯深烘咖啡豆 1 公斤", 26.9, 5, "Dark roast with a share of robusta for thick crema and milk drinks."),
        ("geisha_100", "Panama Geisha, 100 g", "巴拿马瑰夏咖啡豆 100 克", 32.0, 2, "A small lot in a tin: floral, papaya, very clean."),
        ("drip_bags", "Drip Bags, box of 12", "挂耳咖啡 12 包装", 13.9, 5, "Ground coffee in single filters: hang over a cup and pour. For travel and desk."),
    ],
    TEA: [
        ("longjing", "Longjing Spring Harvest, 100 g", "明前龙井 100 克", 28.0, 6, "Pan-fired green tea from Zhejiang, picked before Qingming: chestnut and fresh peas."),
        ("tieguanyin", "Tieguanyin Oolong, 150 g", "安溪铁观音 150 克", 22.0, 5, "Lightly oxidised oolong from Anxi: orchid, cream, five infusions."),
        ("puerh", "Ripe Pu-erh Cake, 200 g", "熟普洱茶饼 200 克", 34.0, 4, "A pressed cake of ripe Pu-erh, stored dry for six years: wood, date, soft."),
        ("jasmine", "Jasmine Pearls, 100 g", "茉莉龙珠 100 克", 19.5, 5, "Hand-rolled green tea scented five times with jasmine flowers."),
        ("earl_grey", "Earl Grey Loose Leaf, 200 g", "伯爵红茶 200 克", 12.5, 7, "Black tea from Assam and Yunnan with cold-pressed bergamot oil."),
        ("breakfast", "Breakfast Tea, 100 bags", "早餐红茶 100 包", 10.9, 7, "Strong black tea in unbleached bags for kitchens and offices."),
        ("rooibos", "Rooibos Vanilla, 200 g", "香草路易波士茶 200 克", 9.8, 4, "Without caffeine, with pieces of real vanilla."),
        ("matcha", "Ceremonial Matcha, 30 g", "薄茶抹茶粉 30 克", 26.0, 4, "Stone-ground green tea from Uji for whisking and lattes."),
        ("mint", "Moroccan Mint, 150 g", "摩洛哥薄荷茶 150 克", 9.5, 3, "Gunpowder green tea with nana mint."),
    ],
    FILTERS: [
        ("v60_100", "Cone Filter Papers 02, pack of 100", "锥形滤纸 02 号 100 张", 7.9, 9, "Oxygen-bleached cone papers that keep their shape when wet."),
        ("flat_100", "Flat-bottom Filter Papers, pack of 100", "平底滤纸 100 张", 8.9, 6, "Wave papers for flat-bottom drippers: an even bed, a steady flow."),
        ("batch_500", "Batch Brewer Filters, pack of 500", "商用滴滤机滤纸 500 张", 21.0, 5, "Basket filters for batch brewers of 1.8 litres."),
        ("aero_350", "Micro Filters, pack of 350", "微孔圆形滤纸 350 张", 9.9, 4, "Small round papers for press brewers."),
        ("tea_bags_100", "Fill-your-own Tea Bags, pack of 100", "空茶包袋 100 只", 5.9, 4, "Paper bags with a fold, for loose tea on the go."),
        ("water_filter", "Water Filter Cartridge, pack of 3", "净水滤芯 3 支装", 24.9, 6, "Softens hard water and takes out chlorine. Change every two months."),
    ],
    CARE: [
        ("descaler", "Descaler, 3 sachets", "除垢剂 3 包装", 11.9, 9, "Citric descaler for boilers and kettles. One sachet is one treatment."),
        ("descaler_12", "Descaler, pack of 12 sachets", "除垢剂 12 包装", 34.5, 5, "The same descaler for cafés and offices."),
        ("tablets", "Machine Cleaning Tablets, tin of 60", "咖啡机清洁片 60 片", 16.5, 7, "For backflushing groups and cleaning automatic machines."),
        ("grinder_clean", "Grinder Cleaner, 430 g", "磨豆机清洁颗粒 430 克", 19.9, 4, "Food-safe pellets that take oil and old grounds out of the burrs."),
        ("milk_cleaner", "Milk System Cleaner, 1 l", "奶路清洁液 1 升", 14.5, 5, "Dissolves milk residue in wands and frothers."),
        ("brush", "Group Head Brush", "冲煮头清洁刷", 9.5, 3, "Angled nylon brush with a splash guard."),
        ("cloths", "Barista Cloths, set of 4", "吧台清洁布 4 条装", 12.9, 4, "Four colours for four jobs: wand, portafilter, bar, table."),
        ("wood_oil", "Board and Handle Oil, 200 ml", "木器养护油 200 毫升", 11.5, 3, "Linseed oil for boards and knife handles."),
    ],
    MACHINES: [
        ("linea_home", "Aurora One Espresso Machine", "晨曦 One 半自动咖啡机", 649.0, 6, "Single boiler with temperature control, 58 mm portafilter. Ready in six minutes."),
        ("linea_dual", "Aurora Duo Dual Boiler", "晨曦 Duo 双锅炉咖啡机", 1490.0, 3, "Two boilers and a quiet rotary pump: brew and steam at once."),
        ("lever", "Vela Lever Machine", "Vela 手动拉杆咖啡机", 529.0, 3, "Manual lever, no electronics. Pressure is in your hands."),
        ("auto", "Brisa Automatic", "Brisa 全自动咖啡机", 799.0, 5, "Beans in, coffee out, with a removable brew unit that rinses under the tap."),
        ("auto_office", "Brisa Office Automatic", "Brisa 商用全自动咖啡机", 1890.0, 3, "For forty cups a day, with a water connection and a cleaning programme."),
        ("two_group", "Faro Two-group Café Machine", "Faro 双头商用咖啡机", 6400.0, 1, "Two groups, volumetric dosing, serviced on site."),
        ("portable", "Pocket Espresso Maker", "便携式意式咖啡机", 89.0, 4, "Hand pump for journeys. Makes a real espresso with hot water."),
        ("frother", "Milk Frother Jug", "电动奶泡壶", 59.0, 5, "Warm and cold foam for two cappuccinos."),
    ],
    GRINDERS: [
        ("grind_home", "Orbit 54 Grinder", "Orbit 54 电动磨豆机", 349.0, 6, "54 mm steel burrs with stepless setting, quiet, little retention."),
        ("grind_pro", "Orbit 64 Single Dose Grinder", "Orbit 64 单次定量磨豆机", 689.0, 3, "64 mm flat burrs for espresso and filter, aligned by hand."),
        ("grind_hand", "Trail Hand Grinder", "Trail 手摇磨豆机", 129.0, 7, "Conical steel burrs in an aluminium body. Twenty grams in forty seconds."),
        ("grind_hand_mini", "Trail Mini Hand Grinder", "Trail Mini 手摇磨豆机", 79.0, 5, "The small one: fits into a press brewer."),
        ("grind_filter", "Drift Filter Grinder", "Drift 手冲磨豆机", 219.0, 5, "A grinder for filter coffee, with forty steps and an even grind."),
        ("grind_cafe", "Faro On-demand Café Grinder", "Faro 商用定量磨豆机", 1250.0, 2, "83 mm burrs, two programmed doses, a hopper of 1.5 kg."),
        ("grind_batch", "Bulk Grinder 98", "98 毫米商用磨豆机", 1790.0, 1, "For shops that grind by the bag: 98 mm burrs, 900 g a minute."),
    ],
    BREWERS: [
        ("dripper", "Ceramic Cone Dripper 02", "陶瓷锥形滤杯 02", 24.9, 8, "Porcelain dripper for one to four cups."),
        ("dripper_flat", "Wave Dripper, steel", "不锈钢蛋糕滤杯", 32.0, 5, "Flat-bottom dripper that forgives an uneven pour."),
        ("press", "French Press, 1 l", "法压壶 1 升", 39.0, 6, "Double-walled steel keeps coffee hot for an hour."),
        ("aero", "Press Brewer Travel", "便携压滤壶", 36.0, 6, "Quick, clean and hard to break."),
        ("moka", "Moka Pot, 6 cups", "摩卡壶 6 杯份", 34.5, 6, "Aluminium classic, also for induction with the plate."),
        ("chem", "Hourglass Carafe, 6 cups", "沙漏分享壶 6 杯份", 49.0, 4, "Glass carafe with a wooden collar."),
        ("cold", "Cold Brew Bottle, 750 ml", "冷萃壶 750 毫升", 27.5, 5, "Fill in the evening, pour in the morning."),
        ("batch", "Batch Brewer 1.8 l", "商用滴滤咖啡机 1.8 升", 389.0, 3, "Even shower, thermos jug, certified brewing temperature."),
        ("siphon", "Siphon Brewer, 3 cups", "虹吸壶 3 杯份", 119.0, 2, "Glass siphon with halogen-ready stand. A small theatre."),
        ("teapot", "Cast-iron Teapot, 0.8 l", "铸铁茶壶 0.8 升", 64.0, 4, "Enamelled inside, with a steel sieve."),
        ("gaiwan", "Porcelain Gaiwan Set", "白瓷盖碗套装", 42.0, 4, "Gaiwan, fairness cup and four tasting cups from Jingdezhen."),
    ],
    KETTLES: [
        ("kettle", "Gooseneck Kettle, 0.9 l", "细口手冲壶 0.9 升", 54.0, 6, "Stovetop kettle with a thin, steady pour."),
        ("kettle_temp", "Temperature Kettle, 0.8 l", "控温细口壶 0.8 升", 119.0, 6, "Electric gooseneck, set to the degree, holds for an hour."),
        ("kettle_tea", "Glass Tea Kettle, 1.2 l", "玻璃煮茶壶 1.2 升", 79.0, 4, "Five tea programmes and a lifting sieve."),
        ("scale", "Brew Scale with Timer", "带计时手冲秤", 49.0, 7, "0.1 g steps, a fast display and a silicone mat."),
        ("scale_pro", "Espresso Scale Mini", "意式迷你秤", 99.0, 4, "Fits the drip tray, starts the timer by itself."),
        ("thermometer", "Milk Thermometer", "拉花温度计", 14.9, 3, "Clips to the jug, marked from 55 to 65 °C."),
        ("server", "Glass Server, 600 ml", "玻璃分享壶 600 毫升", 22.0, 5, "Heat-proof glass with a scale."),
        ("thermos_jug", "Thermos Jug, 2 l", "保温壶 2 升", 58.0, 4, "For meetings: hot for eight hours, one-hand pouring."),
    ],
    PARTS: [
        ("tamper", "Precision Tamper 58.5 mm", "精准压粉锤 58.5 毫米", 45.0, 6, "Flat steel base with an oak handle."),
        ("distributor", "Distribution Tool", "布粉器", 39.0, 4, "Levels the bed before tamping."),
        ("jug", "Milk Jug, 350 ml", "拉花缸 350 毫升", 24.5, 6, "Steel jug with a sharp spout for latte art."),
        ("basket", "Precision Basket 18 g", "精密粉碗 18 克", 32.0, 4, "Even holes for an even extraction."),
        ("bottomless", "Bottomless Portafilter", "无底手柄", 69.0, 3, "Shows what the extraction is doing. For Aurora and Faro."),
        ("burrs_54", "Burr Set 54 mm", "54 毫米磨盘", 59.0, 4, "Spare steel burrs for the Orbit 54."),
        ("burrs_64", "Burr Set 64 mm", "64 毫米磨盘", 109.0, 3, "Spare flat burrs for the Orbit 64."),
        ("burrs_83", "Burr Set 83 mm", "83 毫米磨盘", 189.0, 2, "Spare burrs for the Faro café grinder."),
        ("gasket", "Group Gasket and Shower Screen", "冲煮头密封圈与分水网", 18.5, 5, "Change once a year and the group stays tight."),
        ("knock_box", "Knock Box", "咖啡渣敲渣盒", 29.0, 4, "Steel box with a rubber bar."),
        ("wdt", "Needle Distributor", "布粉针", 19.0, 3, "Breaks up clumps before tamping."),
    ],
    CUPS: [
        ("espresso_cups", "Espresso Cups, set of 4", "浓缩咖啡杯 4 只装", 32.0, 6, "Thick porcelain, 70 ml, with saucers."),
        ("cappuccino_cups", "Cappuccino Cups, set of 4", "卡布奇诺杯 4 只装", 38.0, 6, "Round inside for latte art, 190 ml."),
        ("cafe_cups", "Café Cups, box of 24", "咖啡馆用杯 24 只装", 148.0, 4, "Stackable cups that stand the dishwasher."),
        ("glasses", "Double-wall Glasses, set of 2", "双层玻璃杯 2 只装", 26.0, 6, "Cool to hold, 250 ml."),
        ("mug", "Stoneware Mug, 300 ml", "粗陶马克杯 300 毫升", 16.5, 7, "Hand-glazed in two greys and a blue."),
        ("travel_mug", "Travel Mug, 360 ml", "随行保温杯 360 毫升", 31.0, 6, "Tight lid, fits under the machine."),
        ("tea_cups", "Tea Cups, set of 6", "品茗杯 6 只装", 29.0, 5, "Thin porcelain cups for oolong and green tea."),
        ("paper_cups", "Paper Cups 240 ml, box of 1000", "纸杯 240 毫升 1000 只", 79.0, 5, "Compostable cups with matching lids."),
        ("tumblers", "Cold Brew Tumblers, set of 4", "冷萃玻璃杯 4 只装", 28.0, 3, "Ribbed glass, 330 ml."),
    ],
    KITCHEN: [
        ("chef_knife", "Chef's Knife, 20 cm", "主厨刀 20 厘米", 89.0, 6, "Forged steel that takes a fine edge, walnut handle."),
        ("santoku", "Santoku, 17 cm", "三德刀 17 厘米", 79.0, 5, "For vegetables and fish, with a hollow edge."),
        ("cleaver", "Chinese Cleaver, 18 cm", "中式菜刀 18 厘米", 74.0, 5, "Thin blade for slicing and mincing; not for bones."),
        ("whetstone", "Whetstone 1000/6000", "双面磨刀石 1000/6000", 42.0, 5, "Two grits and a bamboo holder."),
        ("board", "Oak Chopping Board", "橡木砧板", 48.0, 5, "End-grain oak, 40 by 28 cm, with a juice groove."),
        ("pan", "Carbon Steel Pan, 28 cm", "碳钢平底锅 28 厘米", 69.0, 5, "Gets better every week. For gas, induction and oven."),
        ("wok", "Hand-hammered Wok, 32 cm", "手工锻打炒锅 32 厘米", 84.0, 5, "Light steel with a flat base and a wooden handle."),
        ("pot", "Enamelled Pot, 4.5 l", "珐琅铸铁锅 4.5 升", 159.0, 4, "Cast iron for stews and bread."),
        ("storage", "Storage Jars, set of 3", "密封储物罐 3 只装", 36.0, 5, "Airtight jars for beans, tea and flour."),
        ("apron", "Linen Apron", "亚麻围裙", 44.0, 4, "Washed linen with crossed straps."),
        ("towels", "Kitchen Towels, set of 3", "厨房布巾 3 条装", 18.0, 4, "Half linen, woven in Saxony."),
        ("baking_mat", "Baking Paper Sheets, pack of 100", "烘焙纸 100 张", 9.9, 4, "Unbleached sheets, coated on both sides."),
    ],
    GIFTS: [
        ("gift_espresso", "Espresso Lover Gift Box", "意式爱好者礼盒", 59.0, 6, "House Espresso, two cups and a milk jug in a printed box."),
        ("gift_filter", "Slow Morning Gift Box", "慢晨手冲礼盒", 69.0, 6, "Dripper, papers and two filter coffees."),
        ("gift_tea", "Tea Journey Gift Box", "寻茶之旅礼盒", 54.0, 5, "Six teas in tins with a booklet."),
        ("gift_newyear", "Spring Festival Gift Box", "新春茶咖礼盒", 78.0, 5, "Pu-erh, Yunnan coffee and two red cups."),
        ("gift_advent", "Coffee Advent Calendar", "咖啡倒数日历", 49.0, 5, "Twenty-four drip bags from twenty-four farms."),
        ("gift_kitchen", "First Kitchen Gift Box", "新居厨房礼盒", 99.0, 3, "Knife, towels and board oil for a new home."),
        ("voucher_50", "Gift Voucher, EUR 50", "礼品卡 50 欧元", 50.0, 4, "By e-mail, valid for three years."),
        ("tasting", "Tasting Set, 6 × 60 g", "风味品鉴套装 6 × 60 克", 27.0, 6, "Six coffees to find out what you like."),
        ("course", "Home Barista Course", "家庭咖啡师课程", 85.0, 2, "Three hours in small groups: grinding, extraction, milk."),
        ("notebook", "Brew Log Notebook", "冲煮记录本", 14.0, 3, "A hundred pages for recipes and tasting notes."),
    ],
}  # fmt: skip

# Just added: nobody has bought these yet.
NEW_PRODUCTS = [
    ("new_rwanda", "Rwanda Nyamasheke, 250 g", "卢旺达咖啡豆 250 克", 13.9, BEANS, "New harvest from Lake Kivu: red plum, hibiscus, brown sugar."),
    ("new_whitetea", "Silver Needle White Tea, 50 g", "白毫银针 50 克", 27.0, TEA, "Only buds, dried in the sun of Fuding: melon, hay, honey."),
    ("new_grinder", "Orbit 54 S Grinder", "Orbit 54 S 电动磨豆机", 399.0, GRINDERS, "The Orbit 54 with a dosing cup and 54 mm burrs from harder steel."),
    ("new_scale", "Brew Scale Air", "Air 手冲秤", 69.0, KETTLES, "A thin brew scale with timer that charges by USB-C."),
    ("new_wok", "Carbon Steel Wok Lid, 32 cm", "碳钢炒锅盖 32 厘米", 29.0, KITCHEN, "A domed lid for the hand-hammered wok."),
    ("new_gift", "Cold Brew Summer Box", "夏日冷萃礼盒", 52.0, GIFTS, "Cold brew bottle, two tumblers and Colombia Huila."),
]  # fmt: skip

# Days since these ran out. They were bought before.
OUT_OF_STOCK = {
    "siphon": 46,
    "geisha_100": 25,
    "matcha": 12,
    "burrs_64": 8,
    "pot": 33,
    "glasses": 3,
}
# Days since these were taken out of the shop for good.
ARCHIVED = {"tumblers": 210, "notebook": 120}

# How many days one unit lasts one household. What is not here is bought once, or on a whim.
REFILL_DAYS = {
    "house_250": 16, "house_1kg": 48, "house_5kg": 12, "northern_250": 18, "northern_1kg": 52, "kenya_250": 20,
    "yunnan_250": 18, "colombia_250": 18, "decaf_250": 26, "dark_1kg": 45, "drip_bags": 21,
    "longjing": 50, "tieguanyin": 60, "puerh": 75, "jasmine": 45, "earl_grey": 55, "breakfast": 40, "rooibos": 50,
    "v60_100": 70, "flat_100": 70, "batch_500": 60, "aero_350": 120, "tea_bags_100": 80, "water_filter": 62,
    "descaler": 110, "descaler_12": 90, "tablets": 95, "grinder_clean": 150, "milk_cleaner": 60,
    "paper_cups": 30, "wood_oil": 130, "baking_mat": 70,
}  # fmt: skip

# Worlds: what is bought again and again, what is bought besides, and in which order the equipment follows.
WORLDS = {
    "espresso": {
        "main": ["house_250", "house_1kg", "dark_1kg", "colombia_250", "decaf_250"],
        "second": ["descaler", "tablets", "water_filter", "milk_cleaner"],
        "third": ["grinder_clean", "descaler"],
        "path": [["linea_home", "linea_dual", "lever", "auto"], ["grind_home", "grind_pro"], ["tamper", "jug", "distributor"], ["scale_pro", "basket", "bottomless"], ["espresso_cups", "cappuccino_cups"], ["burrs_54", "gasket"]],
        "whims": [PARTS, CUPS, BEANS],
    },
    "filter": {
        "main": ["northern_250", "northern_1kg", "kenya_250", "yunnan_250", "colombia_250", "drip_bags"],
        "second": ["v60_100", "flat_100", "aero_350"],
        "third": ["descaler", "water_filter"],
        "path": [["dripper", "dripper_flat", "aero"], ["kettle", "kettle_temp"], ["grind_hand", "grind_filter", "grind_hand_mini"], ["scale", "server"], ["chem", "cold", "press"], ["mug", "glasses"]],
        "whims": [BREWERS, BEANS, CUPS],
    },
    "tea": {
        "main": ["longjing", "tieguanyin", "puerh", "jasmine", "earl_grey", "rooibos"],
        "second": ["tea_bags_100", "water_filter"],
        "third": ["descaler"],
        "path": [["teapot", "gaiwan"], ["tea_cups"], ["kettle_tea", "kettle_temp"], ["storage"], ["matcha", "gift_tea"]],
        "whims": [TEA, CUPS, GIFTS],
    },
    "kitchen": {
        "main": ["wood_oil", "baking_mat"],
        "second": ["drip_bags", "earl_grey"],
        "third": ["descaler"],
        "path": [["chef_knife", "santoku", "cleaver"], ["whetstone"], ["board"], ["pan", "wok"], ["pot", "storage"], ["apron", "towels"]],
        "whims": [KITCHEN, GIFTS, CUPS],
    },
    "cafe": {
        "main": ["house_5kg", "house_1kg", "northern_1kg"],
        "second": ["paper_cups", "batch_500"],
        "third": ["descaler_12", "tablets", "milk_cleaner", "grinder_clean"],
        "path": [["two_group", "batch"], ["grind_cafe", "grind_batch"], ["cafe_cups"], ["knock_box", "jug"], ["burrs_83", "gasket"], ["thermos_jug"]],
        "whims": [BEANS, CARE, CUPS],
    },
    "office": {
        "main": ["house_1kg", "dark_1kg", "breakfast"],
        "second": ["batch_500", "paper_cups", "water_filter"],
        "third": ["descaler_12", "tablets"],
        "path": [["auto_office", "batch"], ["thermos_jug"], ["cappuccino_cups", "mug"], ["frother"]],
        "whims": [TEA, CUPS, GIFTS],
    },
}  # fmt: skip
