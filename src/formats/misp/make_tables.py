#!/usr/bin/env python3
"""Writes tables.cpp, and with --docs the tables of docs/formats/misp.md:

    SLUICE_REFERENCE_DATA=… ./make_tables.py > tables.cpp
    SLUICE_REFERENCE_DATA=… ./make_tables.py --docs

The rows stand here. Each is held to the patterns that MISP's own mapping shows for the same type (stix/misp/mapping); where ours differs, DIFFERS says why,
and a difference that isn't listed stops this program."""
import json, os, re, subprocess, sys

# type; category where none is known; root; fields in the order of the value's parts (path:kind); flags
# kinds: text, number, address, domain, hash, mac, key (registry), time, boolean, lower, url
# "pattern": there is no observable of it; "also": for export alone; a constant is path=value.
ATTRIBUTES = """
md5; Payload delivery; file; hashes.MD5:hash
sha1; Payload delivery; file; hashes.'SHA-1':hash
sha224; Payload delivery; file; hashes.'SHA-224':hash
sha256; Payload delivery; file; hashes.'SHA-256':hash
sha384; Payload delivery; file; hashes.'SHA-384':hash
sha512; Payload delivery; file; hashes.'SHA-512':hash
sha512/224; Payload delivery; file; hashes.'SHA512-224':hash
sha512/256; Payload delivery; file; hashes.'SHA512-256':hash
sha3-224; Payload delivery; file; hashes.'SHA3-224':hash
sha3-256; Payload delivery; file; hashes.'SHA3-256':hash
sha3-384; Payload delivery; file; hashes.'SHA3-384':hash
sha3-512; Payload delivery; file; hashes.'SHA3-512':hash
ssdeep; Payload delivery; file; hashes.SSDEEP:text
tlsh; Payload delivery; file; hashes.TLSH:text
vhash; Payload delivery; file; hashes.VHASH:text
authentihash; Payload delivery; file; hashes.AUTHENTIHASH:hash
imphash; Payload delivery; file; hashes.IMPHASH:hash
pehash; Payload delivery; file; hashes.PEHASH:hash
telfhash; Payload delivery; file; hashes.TELFHASH:text
filename; Payload delivery; file; name:text
filename|md5; Payload delivery; file; name:text, hashes.MD5:hash
filename|sha1; Payload delivery; file; name:text, hashes.'SHA-1':hash
filename|sha224; Payload delivery; file; name:text, hashes.'SHA-224':hash
filename|sha256; Payload delivery; file; name:text, hashes.'SHA-256':hash
filename|sha384; Payload delivery; file; name:text, hashes.'SHA-384':hash
filename|sha512; Payload delivery; file; name:text, hashes.'SHA-512':hash
filename|sha512/224; Payload delivery; file; name:text, hashes.'SHA512-224':hash
filename|sha512/256; Payload delivery; file; name:text, hashes.'SHA512-256':hash
filename|sha3-224; Payload delivery; file; name:text, hashes.'SHA3-224':hash
filename|sha3-256; Payload delivery; file; name:text, hashes.'SHA3-256':hash
filename|sha3-384; Payload delivery; file; name:text, hashes.'SHA3-384':hash
filename|sha3-512; Payload delivery; file; name:text, hashes.'SHA3-512':hash
filename|ssdeep; Payload delivery; file; name:text, hashes.SSDEEP:text
filename|tlsh; Payload delivery; file; name:text, hashes.TLSH:text
filename|vhash; Payload delivery; file; name:text, hashes.VHASH:text
filename|authentihash; Payload delivery; file; name:text, hashes.AUTHENTIHASH:hash
filename|imphash; Payload delivery; file; name:text, hashes.IMPHASH:hash
filename|pehash; Payload delivery; file; name:text, hashes.PEHASH:hash
malware-sample; Payload delivery; file; name:text, hashes.MD5:hash
attachment; Payload delivery; file; name:text
size-in-bytes; Other; file; size:number; pattern
ip-dst; Network activity; network-traffic; dst_ref.value:address
ip-src; Network activity; network-traffic; src_ref.value:address
ip-dst|port; Network activity; network-traffic; dst_ref.value:address, dst_port:number
ip-src|port; Network activity; network-traffic; src_ref.value:address, src_port:number
ip-dst; Network activity; address; value:address; also
domain; Network activity; domain-name; value:domain
hostname; Network activity; domain-name; value:domain
domain|ip; Network activity; domain-name; value:domain, resolves_to_refs[*].value:address
hostname|port; Network activity; network-traffic; dst_ref.value:domain, dst_port:number
port; Network activity; network-traffic; dst_port:number; pattern
url; Network activity; url; value:url
link; External analysis; url; value:url
uri; Network activity; url; value:url
http-method; Network activity; network-traffic; extensions.'http-request-ext'.request_method:text; pattern
user-agent; Network activity; network-traffic; extensions.'http-request-ext'.request_header.'User-Agent'[*]:text; pattern
AS; Network activity; autonomous-system; number:number
mac-address; Network activity; mac-addr; value:mac
email; Social network; email-addr; value:text
email-src; Payload delivery; email-message; from_ref.value:text
email-dst; Payload delivery; email-message; to_refs[*].value:text
email-subject; Payload delivery; email-message; subject:text
email-body; Payload delivery; email-message; body:text
email-header; Payload delivery; email-message; received_lines[*]:text
email-message-id; Payload delivery; email-message; message_id:text
email-reply-to; Payload delivery; email-message; additional_header_fields.'Reply-To'[*]:text
email-x-mailer; Payload delivery; email-message; additional_header_fields.'X-Mailer'[*]:text
email-attachment; Payload delivery; email-message; body_multipart[*].body_raw_ref.name:text
mutex; Artifacts dropped; mutex; name:text
regkey; Persistence mechanism; windows-registry-key; key:key
regkey|value; Persistence mechanism; windows-registry-key; key:key, values[*].data:text
github-username; Social network; user-account; account_login:text; account_type=github
x509-fingerprint-md5; Network activity; x509-certificate; hashes.MD5:hash
x509-fingerprint-sha1; Network activity; x509-certificate; hashes.'SHA-1':hash
x509-fingerprint-sha256; Network activity; x509-certificate; hashes.'SHA-256':hash
"""

DIFFERS = {
    "AS": "the number is a number, not a string",
    "attachment": "the content is an artifact beside the file, not part of what to look for",
    "email-header": "a list property is asked with [*]",
    "email-reply-to": "the header's own name, and [*]: a header field is a list in STIX 2.1",
    "email-x-mailer": "the header's own name, and [*]: a header field is a list in STIX 2.1",
    "filename|sha512/224": "SHA-512/224 is not SHA-224",
    "filename|sha512/256": "SHA-512/256 is not SHA-256",
    "hostname|port": "one observation has one root type: the host is the traffic's destination",
    "http-method": "",
    "ip-dst|port": "the port is a number, not a string",
    "ip-src|port": "the port is a number, not a string",
    "malware-sample": "the content is an artifact beside the file, not part of what to look for",
    "port": "the port is a number, not a string",
    "regkey|value": "a list property is asked with [*]; % needs no escape",
    "sha512/224": "SHA-512/224 is not SHA-224",
    "sha512/256": "SHA-512/256 is not SHA-256",
    "size-in-bytes": "the size is a number, not a string",
    "user-agent": "[*]: a header field is a list in STIX 2.1",
}

RULES = {"yara": "yara", "sigma": "sigma", "snort": "snort", "suricata": "suricata", "stix2-pattern": "stix"}
NAMED = {"vulnerability": ("vulnerability", "External analysis"), "campaign-name": ("campaign", "Attribution"), "threat-actor": ("threat-actor", "Attribution")}

HASHES = "md5=hashes.MD5:hash, sha1=hashes.'SHA-1':hash, sha224=hashes.'SHA-224':hash, sha256=hashes.'SHA-256':hash, sha384=hashes.'SHA-384':hash, sha512=hashes.'SHA-512':hash, ssdeep=hashes.SSDEEP:text, tlsh=hashes.TLSH:text, vhash=hashes.VHASH:text, authentihash=hashes.AUTHENTIHASH:hash, imphash=hashes.IMPHASH:hash, pehash=hashes.PEHASH:hash, telfhash=hashes.TELFHASH:text"
FILE = HASHES + ", filename=name:text, size-in-bytes=size:number, mimetype=mime_type:text, path=parent_directory_ref.path:text, file-encoding=name_enc:text"
FLOW = "ip-src=src_ref.value:address, ip-dst=dst_ref.value:address, hostname-dst=dst_ref.value:domain, hostname-src=src_ref.value:domain, src-port=src_port:number, dst-port=dst_port:number"
ACCOUNT = "account-id=user_id:text, account-name=account_login:text"
# template; root; fields; constants. Several rows of one template are tried in their order: the first whose first field has a value.
OBJECTS = f"""
file; file; {FILE}, creation-time=ctime:time, modification-time=mtime:time, access-time=atime:time
lnk; file; {FILE}, lnk-creation-time=ctime:time, lnk-modification-time=mtime:time, lnk-access-time=atime:time
image; file; filename=name:text, link=x:none
hashlookup; file; MD5=hashes.MD5:hash, SHA-1=hashes.'SHA-1':hash, SHA-256=hashes.'SHA-256':hash, SSDEEP=hashes.SSDEEP:text, TLSH=hashes.TLSH:text, FileName=name:text, FileSize=size:number
pe; file; imphash=hashes.IMPHASH:hash, authentihash=hashes.AUTHENTIHASH:hash, pehash=hashes.PEHASH:hash, original-filename=name:text, type=extensions.'windows-pebinary-ext'.pe_type:lower, number-sections=extensions.'windows-pebinary-ext'.number_of_sections:number, compilation-timestamp=extensions.'windows-pebinary-ext'.time_date_stamp:time, entrypoint-address=extensions.'windows-pebinary-ext'.optional_header.address_of_entry_point:number
domain-ip; domain-name; domain=value:domain, ip=resolves_to_refs[*].value:address
domain-ip; domain-name; hostname=value:domain, ip=resolves_to_refs[*].value:address
domain-ip; address; ip=value:address
url; url; url=value:url
ip-port; network-traffic; ip=dst_ref.value:address, ip-dst=dst_ref.value:address, ip-src=src_ref.value:address, dst-port=dst_port:number, src-port=src_port:number, first-seen=start:time, last-seen=end:time, protocol=protocols[*]:lower
ip-port; network-traffic; hostname=dst_ref.value:domain, dst-port=dst_port:number, src-port=src_port:number, first-seen=start:time, last-seen=end:time, protocol=protocols[*]:lower
ip-port; network-traffic; domain=dst_ref.value:domain, dst-port=dst_port:number, src-port=src_port:number, first-seen=start:time, last-seen=end:time, protocol=protocols[*]:lower
network-connection; network-traffic; {FLOW}, layer3-protocol=protocols[*]:lower, layer4-protocol=protocols[*]:lower, layer7-protocol=protocols[*]:lower
network-socket; network-traffic; {FLOW}, protocol=protocols[*]:lower
netflow; network-traffic; {FLOW}, protocol=protocols[*]:lower, first-packet-seen=start:time, last-packet-seen=end:time, byte-count=src_byte_count:number, packet-count=src_packets:number
http-request; network-traffic; ip-dst=dst_ref.value:address, host=dst_ref.value:domain, ip-src=src_ref.value:address, method=extensions.'http-request-ext'.request_method:text, uri=extensions.'http-request-ext'.request_value:text, user-agent=extensions.'http-request-ext'.request_header.'User-Agent'[*]:text, content-type=extensions.'http-request-ext'.request_header.'Content-Type'[*]:text, cookie=extensions.'http-request-ext'.request_header.Cookie[*]:text, referer=extensions.'http-request-ext'.request_header.Referer[*]:text
email; email-message; from=from_ref.value:text, to=to_refs[*].value:text, cc=cc_refs[*].value:text, bcc=bcc_refs[*].value:text, subject=subject:text, message-id=message_id:text, email-body=body:text, header=received_lines[*]:text, send-date=date:time, reply-to=additional_header_fields.'Reply-To'[*]:text, x-mailer=additional_header_fields.'X-Mailer'[*]:text, user-agent=additional_header_fields.'User-Agent'[*]:text, attachment=body_multipart[*].body_raw_ref.name:text
registry-key; windows-registry-key; key=key:key, name=values[*].name:text, data=values[*].data:text, data-type=values[*].data_type:text, last-modified=modified_time:time
registry-key-value; windows-registry-key; name=values[*].name:text, data=values[*].data:text, data-type=values[*].data_type:text
mutex; mutex; name=name:text
asn; autonomous-system; asn=number:number, description=name:text
directory; directory; path=path:text, path-encoding=path_enc:text, creation-time=ctime:time, modification-time=mtime:time, access-time=atime:time
process; process; pid=pid:number, command-line=command_line:text, current-directory=cwd:text, creation-time=created_time:time, hidden=is_hidden:boolean, image=image_ref.name:text
user-account; user-account; username=account_login:text, user-id=user_id:text, display-name=display_name:text, account-type=account_type:lower, password=credential:text, created=account_created:time, last_login=account_last_login:time, password_last_changed=credential_last_changed:time, disabled=is_disabled:boolean, home_dir=extensions.'unix-account-ext'.home_dir:text, shell=extensions.'unix-account-ext'.shell:text, group-id=extensions.'unix-account-ext'.gid:number, group=extensions.'unix-account-ext'.groups[*]:text
credential; user-account; username=user_id:text, password=credential:text
facebook-account; user-account; {ACCOUNT}; account_type=facebook
parler-account; user-account; {ACCOUNT}; account_type=parler
reddit-account; user-account; {ACCOUNT}; account_type=reddit
github-user; user-account; id=user_id:text, username=account_login:text, user-fullname=display_name:text; account_type=github
gitlab-user; user-account; id=user_id:text, username=account_login:text, name=display_name:text; account_type=gitlab
telegram-account; user-account; id=user_id:text, username=account_login:text; account_type=telegram
twitter-account; user-account; id=user_id:text, name=account_login:text, displayed-name=display_name:text; account_type=twitter
cpe-asset; software; product=name:text, cpe=cpe:text, vendor=vendor:text, version=version:text, language=languages[*]:text
android-app; software; name=name:text
x509; x509-certificate; x509-fingerprint-md5=hashes.MD5:hash, x509-fingerprint-sha1=hashes.'SHA-1':hash, x509-fingerprint-sha256=hashes.'SHA-256':hash, serial-number=serial_number:text, issuer=issuer:text, subject=subject:text, version=version:text, signature_algorithm=signature_algorithm:text, validity-not-before=validity_not_before:time, validity-not-after=validity_not_after:time, pubkey-info-algorithm=subject_public_key_algorithm:text, pubkey-info-modulus=subject_public_key_modulus:text, pubkey-info-exponent=subject_public_key_exponent:number
""".replace(", link=x:none", "")

# template; relation that holds the rule; pattern_type
RULE_OBJECTS = "yara; yara; yara\nsigma; sigma; sigma\nsuricata; suricata; suricata\nsnort; snort; snort\nnova-rule; raw-rule; nova\nowasp-crs-rule; raw-rule; crs\nwazuh-rule; wazuh-rule; wazuh\nstix2-pattern; stix2-pattern; stix"

# template; type; fields (relation=property; relations of one property are joined by a space); constants
SDO_OBJECTS = """
vulnerability; vulnerability; id=name, summary=description, description=description
weakness; attack-pattern; name=name, description=description
attack-pattern; attack-pattern; name=name, summary=description
course-of-action; course-of-action; name=name, description=description
intrusion-set; intrusion-set; name=name, description=description
identity; identity; name=name, description=description, contact_information=contact_information
organization; identity; name=name, description=description; identity_class=organization
legal-entity; identity; name=name, text=description; identity_class=organization
news-agency; identity; name=name; identity_class=organization
person; identity; first-name=name, last-name=name; identity_class=individual
employee; identity; first-name=name, last-name=name, text=description; identity_class=individual
"""

# galaxy type -> STIX type. Those that MISP's mapping shows, and the families of ATT&CK's older galaxies by their ends.
GALAXIES = {
    "mitre-attack-pattern": "attack-pattern", "mitre-enterprise-attack-attack-pattern": "attack-pattern", "mitre-mobile-attack-attack-pattern": "attack-pattern", "mitre-pre-attack-attack-pattern": "attack-pattern",
    "mitre-course-of-action": "course-of-action", "mitre-enterprise-attack-course-of-action": "course-of-action", "mitre-mobile-attack-course-of-action": "course-of-action",
    "mitre-intrusion-set": "intrusion-set", "mitre-enterprise-attack-intrusion-set": "intrusion-set", "mitre-mobile-attack-intrusion-set": "intrusion-set", "mitre-pre-attack-intrusion-set": "intrusion-set",
    "mitre-malware": "malware", "mitre-enterprise-attack-malware": "malware", "mitre-mobile-attack-malware": "malware",
    "mitre-tool": "tool", "mitre-enterprise-attack-tool": "tool", "mitre-mobile-attack-tool": "tool",
    "threat-actor": "threat-actor", "microsoft-activity-group": "threat-actor", "360net-threat-actor": "threat-actor",
    "android": "malware", "backdoor": "malware", "banker": "malware", "botnet": "malware", "cryptominers": "malware", "exploit-kit": "malware", "malpedia": "malware", "ransomware": "malware", "rat": "malware", "stealer": "malware",
    "tool": "tool", "branded-vulnerability": "vulnerability", "country": "location", "region": "location", "sector": "identity",
}
for version in ("2.0", "2.1"):
    for kind in ("attack-pattern", "campaign", "course-of-action", "intrusion-set", "malware", "threat-actor", "tool", "vulnerability") + (("location",) if version == "2.1" else ()):
        GALAXIES[f"stix-{version}-{kind}"] = kind

KINDS = {"text": "Text", "number": "Number", "address": "Address", "domain": "Domain", "hash": "HexHash", "mac": "Mac", "key": "RegistryKey", "time": "Time", "boolean": "Boolean", "lower": "Lower", "url": "Url"}


def lines(text):
    return [[part.strip() for part in line.split(";")] for line in text.strip().splitlines()]


def fields(text, split):
    return [tuple(part.strip().rsplit(split, 1)) for part in text.split(",")]


def constants(parts):
    return [p.split("=") for p in parts if "=" in p]


def mapping(name):
    path = os.path.join(os.environ["SLUICE_REFERENCE_DATA"], "stix/misp/mapping", name + ".json.zst")
    return json.loads(subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout)


def check():
    theirs = mapping("misp_attributes_to_stix21")
    rows = {}
    for row in lines(ATTRIBUTES):
        if "also" not in row[4:]:
            rows[row[0]] = row
    for name, shown in theirs.items():
        objects = shown["STIX"] if isinstance(shown["STIX"], list) else [shown["STIX"]]
        pattern = next((o for o in objects if o["type"] == "indicator"), None)
        if name in RULES or name in NAMED:
            continue
        assert name in rows, f"{name} has no row"
        row = rows[name]
        paths = sorted(f"{row[2]}:{path}" for path, _ in fields(row[3], ":")) + sorted(f"{row[2]}:{k}" for k, _ in constants(row[4:]))
        found = sorted(p for p in re.findall(r"([a-z0-9-]+:[A-Za-z_.*\[\]'0-9-]+) =", pattern["pattern"]) if not p.endswith(".type"))
        quoted = bool(re.search(r"_port = '|number = '|size = '", pattern["pattern"]))
        if (sorted(paths) != found or quoted) != (name in DIFFERS and DIFFERS[name] != ""):
            sys.exit(f"{name}: ours {paths}, theirs {found}: say why in DIFFERS, or take it out")
    shown = {k.split(" ")[0] for k in mapping("misp_objects_to_stix21")}
    for row in mapping("misp_galaxies_to_stix21").values():
        assert GALAXIES.get(row["MISP"]["type"]) == row["STIX"]["type"], row["MISP"]["type"]
    return shown


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def field_list(items):
    return "{" + ", ".join(items) + "}"


def main():
    shown = check()
    print("""// Made by make_tables.py; don't edit. Which MISP type stands for what in STIX 2.1.
//
// Facts of: MISP project, misp-stix, documentation/mapping at commit 713ae7b0f1dfc7f590d14ef7caf5bf3610672220; Copyright 2019-2021 Christian Studer, CIRCL; BSD 2-clause.
// The rows are ours, and held to it; where they differ, docs/formats/misp.md says why.
#include "formats/misp/tables.h"

namespace sluice::formats::misp {

namespace {

using enum As;

constexpr AttributeRow kAttributes[] = {""")
    for row in lines(ATTRIBUTES):
        fixed = constants(row[4:])
        parts = ["{%s, %s}" % (text(p), KINDS[k]) for p, k in fields(row[3], ":")]
        print("    {%s, %s, %s, %s, %s, %s, %s, %s}," % (text(row[0]), text(row[1]), text(row[2]), field_list(parts), text(fixed[0][0] if fixed else ""), text(fixed[0][1] if fixed else ""),
                                                        "true" if "pattern" in row[4:] else "false", "true" if "also" in row[4:] else "false"))
    print("};\n")
    for number, row in enumerate(lines(OBJECTS)):
        items = []
        for relation, rest in fields(row[2], "="):
            path, kind = rest.rsplit(":", 1)
            items.append("{%s, %s, %s}" % (text(relation), text(path), KINDS[kind]))
        print("constexpr ObjectField kFields%d[] = {%s};" % (number, ", ".join(items)))
    print("\nconstexpr ObjectRow kObjects[] = {")
    for number, row in enumerate(lines(OBJECTS)):
        fixed = constants(row[3:])
        print("    {%s, %s, kFields%d, %s, %s}," % (text(row[0]), text(row[1]), number, text(fixed[0][0] if fixed else ""), text(fixed[0][1] if fixed else "")))
    print("};\n")
    for number, row in enumerate(lines(SDO_OBJECTS)):
        print("constexpr SdoField kProperties%d[] = {%s};" % (number, ", ".join("{%s, %s}" % (text(r), text(p)) for r, p in fields(row[2], "="))))
    print("\nconstexpr SdoRow kSdos[] = {")
    for number, row in enumerate(lines(SDO_OBJECTS)):
        fixed = constants(row[3:])
        print("    {%s, %s, kProperties%d, %s, %s}," % (text(row[0]), text(row[1]), number, text(fixed[0][0] if fixed else ""), text(fixed[0][1] if fixed else "")))
    print("};\n\nconstexpr RuleRow kRules[] = {")
    for name, kind in RULES.items():
        print("    {%s, %s, %s}," % (text(""), text(name), text(kind)))
    for row in lines(RULE_OBJECTS):
        print("    {%s, %s, %s}," % tuple(text(p) for p in row))
    print("};\n\nconstexpr NamedRow kNamed[] = {")
    for name, (kind, category) in NAMED.items():
        print("    {%s, %s, %s}," % (text(name), text(kind), text(category)))
    print("};\n\nconstexpr GalaxyRow kGalaxies[] = {")
    for name, kind in sorted(GALAXIES.items()):
        print("    {%s, %s}," % (text(name), text(kind)))
    print("""};

}  // namespace

std::span<const AttributeRow> attribute_rows() { return kAttributes; }
std::span<const ObjectRow> object_rows() { return kObjects; }
std::span<const SdoRow> sdo_rows() { return kSdos; }
std::span<const RuleRow> rule_rows() { return kRules; }
std::span<const NamedRow> named_rows() { return kNamed; }
std::span<const GalaxyRow> galaxy_rows() { return kGalaxies; }

}  // namespace sluice::formats::misp""")


def code(value):
    return "`" + value.replace("|", "\\|") + "`"


def docs():
    shown = check()
    print("### Attributes\n\n| MISP type | STIX 2.1 | differs from MISP's own mapping |\n|---|---|---|")
    for row in lines(ATTRIBUTES):
        if "also" in row[4:]:
            continue
        paths = ", ".join(code(f"{row[2]}:{p}") for p, _ in fields(row[3], ":")) + "".join(f", `{row[2]}:{k}` = {v}" for k, v in constants(row[4:]))
        print(f"| {code(row[0])} | {paths}{' (pattern alone)' if 'pattern' in row[4:] else ''} | {DIFFERS.get(row[0], '')} |")
    for name, kind in RULES.items():
        print(f"| {code(name)} | indicator with `pattern_type` {kind} | |")
    for name, (kind, _) in NAMED.items():
        print(f"| {code(name)} | {kind} with this name | |")
    print("\n### Objects\n\n| template | STIX 2.1 | relations that have a place |\n|---|---|---|")
    for row in lines(OBJECTS):
        print(f"| {code(row[0])} | {row[1]} | {', '.join(code(r) + ' → ' + code(rest.rsplit(':', 1)[0]) for r, rest in fields(row[2], '='))} |")
    for row in lines(SDO_OBJECTS):
        print(f"| {code(row[0])} | {row[1]} | {', '.join(code(r) + ' → ' + code(p) for r, p in fields(row[2], '='))} |")
    for row in lines(RULE_OBJECTS):
        print(f"| {code(row[0])} | indicator with `pattern_type` {row[2]} | {code(row[1])} |")
    ours = {row[0] for row in lines(OBJECTS) + lines(SDO_OBJECTS) + lines(RULE_OBJECTS)}
    rest = sorted(shown - ours - {"Script"})
    print("\nTemplates that MISP's own mapping has and this one keeps as notes: " + ", ".join(code(n) for n in rest + ["script"]) + ".")
    print("\n### Galaxies\n\n| galaxy | STIX 2.1 |\n|---|---|")
    for kind in sorted(set(GALAXIES.values())):
        print(f"| {', '.join(code(n) for n, k in sorted(GALAXIES.items()) if k == kind)} | {kind} |")


docs() if "--docs" in sys.argv else main()
