/**
 * The calling codes of all countries, and how a mobile number of each is grouped.
 *
 * Source: the metadata of Google's libphonenumber (Apache-2.0). `tests/examples/country_table.ts`
 * writes the rows, and a test compares them. The names are the browser's.
 */

/** A country, as the field of the phone number needs it. */
export interface Country {
  /** ISO 3166-1, such as `DE`. */
  readonly region: string;
  /** Its calling code, such as `49`. Some countries share one. */
  readonly code: string;
  /** The digits that calls within the country begin with, and calls from abroad leave out. */
  readonly trunk: string;
  /** The lengths of the groups of a mobile number. */
  readonly groups: readonly number[];
  /** What its numbers begin with: the code, and what tells it from others that share the code. */
  readonly beginnings: readonly string[];
}

/** The region, code, trunk, groups and first digits of each; `-` for a country without own ones. */
const ROWS = `
AC|247||5|, AD|376||3 3|, AE|971|0|2 3 4|, AF|93|0|2 3 4|, AG|1|1|3 3 4|268, AI|1|1|3 3 4|264,
AL|355|0|2 3 4|, AM|374|0|2 6|, AO|244||3 3 3|, AR|54|0|1 2 4 4|, AS|1|1|3 3 4|684, AT|43|0|3 6|,
AU|61|0|3 3 3|, AW|297||3 4|, AX|358|0|2 7|18, AZ|994|0|2 3 2 2|, BA|387|0|2 3 3|,
BB|1|1|3 3 4|246, BD|880|0|4 6|, BE|32|0|3 2 2 2|, BF|226||2 2 2 2|, BG|359|0|2 3 3|,
BH|973||4 4|, BI|257||2 2 2 2|, BJ|229||2 2 2 2 2|, BL|590|0|3 2 2 2|-, BM|1|1|3 3 4|441,
BN|673||3 4|, BO|591|0|8|, BQ|599||3 4|3 4 7, BR|55|0|2 5 4|, BS|1|1|3 3 4|242, BT|975||2 2 2 2|,
BW|267||2 3 3|, BY|375|8|2 3 2 2|, BZ|501||3 4|, CA|1|1|3 3 4|-, CC|61|0|3 3 3|-,
CD|243|0|3 3 3|, CF|236||2 2 2 2|, CG|242||2 3 4|, CH|41|0|2 3 2 2|, CI|225||2 2 2 4|,
CK|682||2 3|, CL|56||1 4 4|, CM|237||1 2 2 2 2|, CN|86|0|3 4 4|, CO|57|0|3 7|, CR|506||4 4|,
CU|53|0|1 7|, CV|238||3 2 2|, CW|599||1 3 4|, CX|61|0|3 3 3|-, CY|357||2 6|, CZ|420||3 3 3|,
DE|49|0|4 7|, DJ|253||2 2 2 2|, DK|45||2 2 2 2|, DM|1|1|3 3 4|767, DO|1|1|3 3 4|8001 809 829 849,
DZ|213|0|3 2 2 2|, EC|593|0|2 3 4|, EE|372||4 4|, EG|20|0|2 8|, EH|212|0|1 2 2 2 2|-,
ER|291|0|1 3 3|, ES|34||3 2 2 2|, ET|251|0|2 3 4|, FI|358|0|2 7|, FJ|679||3 4|, FK|500||5|,
FM|691||3 4|, FO|298||2 2 2|, FR|33|0|1 2 2 2 2|, GA|241||2 2 2 2|, GB|44|0|4 6|,
GD|1|1|3 3 4|473, GE|995|0|3 2 2 2|, GF|594|0|3 2 2 2|, GG|44|0|4 6|-, GH|233|0|2 3 4|,
GI|350||8|, GL|299||2 2 2|, GM|220||3 4|, GN|224||3 2 2 2|, GP|590|0|3 2 2 2|, GQ|240||3 3 3|,
GR|30||3 3 4|, GT|502||4 4|, GU|1|1|3 3 4|671, GW|245||3 3 3|, GY|592||3 4|, HK|852||4 4|,
HN|504||4 4|, HR|385|0|2 3 4|, HT|509||2 2 4|, HU|36|06|2 3 4|, ID|62|0|3 3 3|, IE|353|0|2 3 4|,
IL|972|0|2 3 4|, IM|44|0|4 6|74576, IN|91|0|5 5|, IO|246||3 4|, IQ|964|0|3 3 4|, IR|98|0|3 3 4|,
IS|354||3 4|, IT|39||3 3 4|, JE|44|0|4 6|-, JM|1|1|3 3 4|658 876, JO|962|0|1 4 4|,
JP|81|0|2 4 4|, KE|254|0|3 6|, KG|996|0|3 3 3|, KH|855|0|2 3 3|, KI|686|0|8|, KM|269||3 2 2|,
KN|1|1|3 3 4|869, KP|850|0|3 3 4|, KR|82|0|2 4 4|, KW|965||3 5|, KY|1|1|3 3 4|345,
KZ|7|8|3 3 4|7, LA|856|0|2 2 3 3|, LB|961|0|2 3 3|, LC|1|1|3 3 4|758, LI|423|0|3 3 3|,
LK|94|0|2 3 4|, LR|231|0|2 3 4|, LS|266||4 4|, LT|370|0|3 5|, LU|352||3 3 3|, LV|371||2 3 3|,
LY|218|0|2 7|, MA|212|0|1 2 2 2 2|, MC|377|0|1 2 2 2 2|, MD|373|0|3 2 3|, ME|382|0|2 3 3|,
MF|590|0|3 2 2 2|-, MG|261|0|2 2 3 2|, MH|692|1|3 4|, MK|389|0|2 3 3|, ML|223||2 2 2 2|,
MM|95|0|1 3 4|, MN|976|0|4 4|, MO|853||4 4|, MP|1|1|3 3 4|670, MQ|596|0|3 2 2 2|,
MR|222||2 2 2 2|, MS|1|1|3 3 4|664, MT|356||4 4|, MU|230||4 4|, MV|960||3 4|, MW|265|0|3 2 2 2|,
MX|52||3 3 4|, MY|60|0|2 3 4|, MZ|258||2 3 4|, NA|264|0|2 3 4|, NC|687||2 2 2|, NE|227||2 2 2 2|,
NF|672||1 5|, NG|234|0|3 3 4|, NI|505||4 4|, NL|31|0|1 8|, NO|47||2 2 2 2|, NP|977|0|3 7|,
NR|674||3 4|, NU|683||3 4|, NZ|64|0|2 3 4|, OM|968||4 4|, PA|507||4 4|, PE|51|0|3 3 3|,
PF|689||2 2 2 2|, PG|675||4 4|, PH|63|0|3 3 4|, PK|92|0|3 7|, PL|48||3 3 3|, PM|508|0|2 2 2|,
PR|1|1|3 3 4|787 939, PS|970|0|3 3 3|, PT|351||3 3 3|, PW|680||3 4|, PY|595|0|3 6|, QA|974||4 4|,
RE|262|0|3 2 2 2|, RO|40|0|3 3 3|, RS|381|0|2 7|, RU|7|8|3 3 2 2|, RW|250|0|3 3 3|,
SA|966|0|2 3 4|, SB|677||2 5|, SC|248||1 3 3|, SD|249|0|2 3 4|, SE|46|0|2 3 2 2|, SG|65||4 4|,
SH|290||5|, SI|386|0|2 3 3|, SJ|47||2 2 2 2|79, SK|421|0|3 3 3|, SL|232|0|2 6|, SM|378||2 2 2 2|,
SN|221||2 3 2 2|, SO|252|0|1 7|, SR|597||3 4|, SS|211|0|3 3 3|, ST|239||3 4|, SV|503||4 4|,
SX|1|1|3 3 4|721, SY|963|0|3 3 3|, SZ|268||4 4|, TA|290||4|8, TC|1|1|3 3 4|649, TD|235||2 2 2 2|,
TG|228||2 2 2 2|, TH|66|0|2 3 4|, TJ|992||2 3 4|, TK|690||4|, TL|670||4 4|, TM|993|8|2 6|,
TN|216||2 3 3|, TO|676||3 4|, TR|90|0|3 3 2 2|, TT|1|1|3 3 4|868, TV|688||2 4|, TW|886|0|3 3 3|,
TZ|255|0|3 3 3|, UA|380|0|2 3 4|, UG|256|0|3 6|, US|1|1|3 3 4|, UY|598|0|2 3 3|,
UZ|998||2 3 2 2|, VA|39||3 3 4|06698, VC|1|1|3 3 4|784, VE|58|0|3 7|, VG|1|1|3 3 4|284,
VI|1|1|3 3 4|340, VN|84|0|3 3 3|, VU|678||3 4|, WF|681||2 2 2|, WS|685||2 5|, XK|383|0|2 3 3|,
YE|967|0|3 3 3|, YT|262|0|3 2 2 2|-, ZA|27|0|2 3 4|, ZM|260|0|2 7|, ZW|263|0|2 3 4|
`;

/** The anonymous numbers that https://fragment.com sells. */
const ANONYMOUS: Country = read("XX|888||4 4|");
/** The numbers of test accounts: https://core.telegram.org/api/auth#test-accounts */
export const TEST_NUMBERS: Country = read("ZZ|999||3 4|");

/** All countries. */
export const COUNTRIES: readonly Country[] = [
  ...ROWS.trim().split(/,\s+/).map(read),
  ANONYMOUS,
];

function read(row: string): Country {
  const [region, code, trunk, groups, first] = row.split("|");
  return {
    region,
    code,
    trunk,
    groups: groups.split(" ").map(Number),
    beginnings: first === "-" ? [] : first.split(" ").map((digits) => code + digits),
  };
}

/** Returns the name of a country in English, the language of the page. */
export function nameOf({ region }: Country): string {
  if (region === ANONYMOUS.region) return "Anonymous number";
  if (region === TEST_NUMBERS.region) return "Test number";
  return names.of(region) ?? region;
}

const names = new Intl.DisplayNames("en", { type: "region" });

/** Returns the country whose numbers begin like these digits, which have the calling code. */
export function countryOf(
  digits: string,
  countries: readonly Country[] = [...COUNTRIES, TEST_NUMBERS],
): Country | undefined {
  let longest = 0;
  let found: Country | undefined;
  for (const country of countries) {
    for (const { length } of country.beginnings.filter((first) => digits.startsWith(first))) {
      if (length <= longest) continue;
      longest = length;
      found = country;
    }
  }
  return found;
}
