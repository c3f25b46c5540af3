package app

// The demonstration's own configuration and register. {{addr}} is where the sample sites are served.

const demoConfig = `# Årsring: konfiguration för förevisningen. Skrivs på nytt varje gång "arsring demo" körs.
data_dir: .
language: sv
organisation:
  name: Älvsunda kommun (påhittad)
  id: "212000-0000"
register:
  path: register.yaml
  write: true
capture:
  # Exempelsidorna serveras på den här datorn.
  allow_private: [127.0.0.1]
`

const demoRegister = `# Årsring: register för förevisningen. Kommunen, kontona och människorna är påhittade.
accounts:
  - id: kampanj-2030
    platform: web
    url: http://{{addr}}/campaign/
    title: Älvsunda 2030, kampanjwebbplats
    archive_creator: Kommunstyrelsen
    unit: Kommunikationsavdelningen
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    purpose: Medborgardialog om kommunens framtid.
    sender: Älvsunda kommun
    since: 2024-03-01
    class: öppen

  - id: bloggen
    platform: web
    url: http://{{addr}}/blog/?posts=8
    title: Kommunens blogg
    archive_creator: Kommunstyrelsen
    unit: Kommunikationsavdelningen
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    purpose: Berättelser ur kommunens vardag.
    sender: Älvsunda kommun
    since: 2022-09-15
    class: öppen

  - id: flodet
    platform: web
    url: http://{{addr}}/feed/?posts=12&batch=6&comments=1
    title: Kommunens flöde
    archive_creator: Kommunstyrelsen
    unit: Kommunikationsavdelningen
    responsible: {name: Dan Mönster, email: dan@example.org}
    administrators:
      - {name: Dan Mönster, email: dan@example.org}
      - {name: Eva Mall, email: eva@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    purpose: Nyheter från kommunen.
    sender: Älvsunda kommun
    since: 2019-01-10
    class: öppen
`
