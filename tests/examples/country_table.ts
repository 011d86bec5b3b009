/**
 * Writes the table of `examples/web/countries.ts` from the metadata of Google's libphonenumber:
 *
 *     deno run --lock=tests/deno.lock tests/examples/country_table.ts
 *
 * A row has the region (ISO 3166-1), its calling code, the digits that calls within it begin with,
 * the lengths of the groups of a mobile number, and the first digits that tell it from the main
 * region with that code: `-` if there are none.
 */
import libphonenumber from "google-libphonenumber";

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = libphonenumber;
const util = PhoneNumberUtil.getInstance();

/** Returns the beginnings that a pattern like `8001|8[024]9` stands for; none for any other. */
function beginnings(pattern: string): string[] {
  return pattern.split("|").flatMap((part) => {
    const [, before, choice = "", after] = /^(\d*)(?:\[(\d+)\])?(\d*)$/.exec(part) ?? [];
    if (before === undefined) return [];
    return choice === "" ? [before + after] : [...choice].map((digit) => before + digit + after);
  }).filter((digits) => digits !== "");
}

/** Returns the rows of all regions, in the order of their names. */
export function countryRows(): string[] {
  return [...util.getSupportedRegions()].sort().map((region) => {
    const code = util.getCountryCodeForRegion(region);
    const metadata = util.getMetadataForRegion(region);
    const example = util.getExampleNumberForType(region, PhoneNumberType.MOBILE) ??
      util.getExampleNumber(region);
    const formatted: string = util.format(example, PhoneNumberFormat.INTERNATIONAL);
    const groups = formatted.split(/\D+/).slice(2).map(({ length }) => length).join(" ");
    const trunk = metadata.getNationalPrefix() ?? "";
    const isMain = util.getRegionCodeForCountryCode(code) === region;
    const first = isMain ? "" : beginnings(metadata.getLeadingDigits() ?? "").join(" ") || "-";
    return [region, code, trunk, groups, first].join("|");
  });
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(`${countryRows().join(",\n")}\n`));
}
