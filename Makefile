# blindspot: one file, automatic dependencies, everything built under build/.
# `make help` lists the targets: what stands behind "##" is their text.
VERSION := 0.1.0
V       ?= release
O       := build/$(V)
PREFIX  ?= /usr/local
DESTDIR ?=
LIBDIRS := base record platform silence watch import fetch scrape diff classify archive store report \
           audit audit/turn audit/verdict audit/keep audit/take audit/sample audit/monitor audit/work
ISAL    ?= $(shell pkg-config --exists libisal && echo libisal)
# PostgreSQL, where libpq is found: PG=1 insists on it, PG=0 leaves it out.
PG      ?= $(shell pkg-config --exists libpq && echo 1)
LIBPQ   := $(if $(filter 1,$(PG)),libpq)
ifneq ($(LIBPQ),$(shell pkg-config --exists libpq && echo $(LIBPQ)))
$(error PG=1: libpq was not found; install libpq-dev)
endif
PKGS    := libcurl libcrypto libxml-2.0 libpcre2-8 libcjson sqlite3 inih nettle libarchive libdeflate zlib xlsxwriter $(ISAL) $(LIBPQ)
CFLAGS_release := -O2
CFLAGS_asan    := -O0 -Wno-format-truncation -Wno-maybe-uninitialized -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_tsan    := -O1 -Wno-format-truncation -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS_cover   := -O0 --coverage
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(if $(ISAL),-DHAVE_ISAL) $(if $(LIBPQ),-DHAVE_PG)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcsv -lm -lpthread
ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE -DBLINDSPOT_VERSION='"$(VERSION)"' $(WARN) -g -I. $(CFLAGS_$(V)) $(PKG_CFLAGS) $(CFLAGS)

# What decides how a file is compiled. Expanded here, before a target can add words of its own.
FLAGS      := $(CC) $(ALL_CFLAGS) $(PKG_LIBS)

LIB_OBJS   := $(patsubst %.c,$(O)/%.o,$(wildcard $(LIBDIRS:=/*.c)))
CMD_OBJS   := $(patsubst %.c,$(O)/%.o,$(wildcard cmd/*.c))
FIX_OBJS   := $(patsubst %.c,$(O)/%.o,$(filter-out fixtures/%_main.c,$(wildcard fixtures/*.c)))
UNIT_BINS  := $(patsubst tests/unit/%.c,$(O)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ_BINS  := $(patsubst tests/fuzz/%.c,$(O)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
SOAK_OBJS  := $(patsubst %.c,$(O)/%.o,$(wildcard tests/soak/*.c))
BENCH_OBJS := $(patsubst %.c,$(O)/%.o,$(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c)))
FAULT_BINS := $(O)/fault/inject.so $(O)/fault/look
BENCH_BINS := $(patsubst tests/bench/%.c,$(O)/bench/%,$(wildcard tests/bench/bench_*.c))
SHARE      := $(O)/share
PROGRAMS   := $(O)/blindspot $(O)/world $(O)/standin $(O)/bucket

all: $(O)/blindspot $(SHARE)/made     ## the optimised program, build/blindspot
	@ln -sf $(V)/blindspot build/blindspot
programs: all $(PROGRAMS)     ## the program, the maker of worlds and the stand-in servers
	@ln -sf $(V)/world build/world; ln -sf $(V)/standin build/standin

$(O)/libblindspot.a: $(LIB_OBJS)
	@rm -f $@; ar rcs $@ $^
$(O)/blindspot: $(CMD_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS)
# Man pages and completions: the program writes them from its own tables.
$(SHARE)/made: $(O)/blindspot
	@rm -rf $(SHARE)
	@mkdir -p $(SHARE)/man1 $(SHARE)/completions
	@echo "  MAN $(SHARE)/man1"
	@$< help --pages $(SHARE)/man1
	@for shell in bash zsh fish; do $< completion $$shell >$(SHARE)/completions/$$shell || exit 1; done
	@touch $@
# The stand-in takes little of base and record, and nothing that reads answers.
$(O)/world: $(O)/fixtures/world_main.o $(FIX_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lmicrohttpd
$(O)/standin: $(O)/fixtures/standin_main.o $(FIX_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lmicrohttpd
$(O)/bucket: $(O)/fixtures/bucket_main.o $(O)/fixtures/port_file.o $(O)/fixtures/sigv4.o $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lmicrohttpd
$(O)/tests/%: $(O)/tests/unit/%.o $(FIX_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka -lmicrohttpd
$(O)/bench/%: $(O)/tests/bench/%.o $(BENCH_OBJS) $(FIX_OBJS) $(O)/libblindspot.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lmicrohttpd
$(O)/soak: $(SOAK_OBJS) $(FIX_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lmicrohttpd
# A reduced cut of the soak's table of counters.
$(O)/tests/test_scores: $(O)/tests/unit/test_scores.o $(O)/tests/soak/scores.o $(FIX_OBJS) $(O)/libblindspot.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka -lmicrohttpd
# For LD_PRELOAD, so nothing of ours is in it.
$(O)/fault/inject.so: tests/fault/inject.c
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -g -O1 -fPIC -shared -o $@ $<
$(O)/fault/look: tests/fault/look.c
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -g -O1 -o $@ $< $(shell pkg-config --libs sqlite3)
# Outside `make fuzz` a corpus is replayed by a main of ours.
$(O)/fuzz/%: $(O)/tests/fuzz/%.o $(O)/tests/fuzz/replay.o $(O)/libblindspot.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) $(if $(filter fuzz,$(V)),-fsanitize=fuzzer) -o $@ \
	  $(filter-out $(if $(filter fuzz,$(V)),%/replay.o),$^) $(PKG_LIBS)
# The second reader of JSON is for this target alone.
$(O)/fuzz/fuzz_yajl: PKG_LIBS += -lyajl
$(O)/store/schema.o: store/schema.sql store/views.sql $(wildcard store/migrate/*.sql)
$(O)/classify/defaults.o: classify/default.rules classify/company_handles.txt claims/tiktok.ini
$(O)/audit/verdict/review.o: audit/verdict/review_codebook.txt
$(O)/audit/keep/export.o: audit/keep/export_readme.txt
$(O)/report/package.o: report/package_load.py report/package_load.R
$(O)/report/items.o: report/items.js report/items.css
$(O)/report/style.o: report/style.css
$(O)/report/site_page.o: report/site.css report/site.js
$(O)/report/cases.o: report/cases.js report/cases.css
# Written where it differs, so that other flags or another compiler make all anew.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@
FORCE:
$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

unit: $(UNIT_BINS)      ## the unit tests, in build/release/tests
fuzzers: $(FUZZ_BINS)
benches: $(BENCH_BINS) programs
faults: $(FAULT_BINS) programs

help:           ## this list
	@awk -F '## ' '/^[a-z]+:.*## / { split($$1, name, ":"); printf "  make %-10s %s\n", name[1], $$2 }' Makefile
deps:           ## installs what is missing, through apt-get
	@sh tests/deps.sh $(filter demo test bench fuzz deb,$(MAKECMDGOALS:browser=test))
test: $(if $(T),,deps)      ## all tests; with T=name one of them: a unit test, golden, end-to-end script or suite
	@$(MAKE) --no-print-directory tested
tested:
	@sh tests/$(if $(T),one.sh $(T),run.sh)
demo: deps      ## a whole audit of made-up posts against the stand-in server, on loopback
	@$(MAKE) --no-print-directory programs
	@sh tests/demo.sh
lint:           ## static checks: includes, words, shapes, cppcheck, clang-tidy, shellcheck
	@sh tests/lint.sh
analyse:        ## lint, the analyser to its own limit: four times as long
	@LINT_DEEP=1 sh tests/lint.sh
tsan: programs  ## ThreadSanitizer over what starts threads
	@sh tests/tsan.sh
format:         ## clang-format on the lines that differ from the last commit
	@git clang-format -q -f --extensions c,h
draw:           ## docs/architecture.svg and docs/reference.md anew, from includes and lists
	@sh docs/draw.sh >docs/architecture.svg
	@sh docs/list.sh >docs/reference.md
pg: deps        ## every golden, and the worlds whose labels have a truth, with PostgreSQL for a store
	@$(MAKE) --no-print-directory programs unit
	@sh tests/pg.sh sh tests/far/all.sh
browser: deps   ## every page of several reports in Chromium: every look, 100,000 items, a million
	@$(MAKE) --no-print-directory programs $(O)/tests/test_items
	@BROWSER_WHOLE=yes sh tests/e2e/browser.sh
	@ENGINE=whole sh tests/e2e/engine.sh
	@ENGINE=whole sh tests/e2e/engine_net.sh
	@KILLS=$${KILLS:-3} sh tests/soak/kills_browser.sh
	@WEB=whole sh tests/e2e/web.sh
bench: deps     ## every speed goal beside its alternative, as a ratio
	@$(MAKE) --no-print-directory benches
	@sh tests/bench/run.sh
soak: deps      ## the strategy of asking under every model of corruption, how counters are judged; 520 kills, 200 with a browser
	@$(MAKE) --no-print-directory $(O)/soak programs
	@$(O)/soak
	@sh tests/soak/kills.sh
	@sh tests/soak/kills_browser.sh
fuzz: deps      ## each reader of outside bytes under libFuzzer
	@$(MAKE) --no-print-directory V=fuzz CC=clang fuzzers
	@sh tests/fuzz/run.sh
fault: deps     ## calls that fail once, in every command; power cuts
	@$(MAKE) --no-print-directory faults $(O)/tests/test_power
	@POWER_CUTS=$${POWER_CUTS:-1000} $(O)/tests/test_power
	@FAULT_PER=$${FAULT_PER:-100000} FAULT_SITES=$${FAULT_SITES-yes} FAULT_FAR=$${FAULT_FAR:-10} sh tests/fault/run.sh
fresh:          ## demo and test in a minimal Debian 12 (root, debootstrap)
	@sh tests/fresh.sh
dist:           ## the last commit as a tarball, the same bytes each time: build/dist
	@sh tests/dist.sh
distcheck:      ## the same, unpacked elsewhere and built there
	@sh tests/dist.sh --check
deb: deps       ## Debian packages in build/deb; lintian; the demo from what they install
	@sh tests/deb.sh
DATA = $(DESTDIR)$(PREFIX)/share
COMPLETIONS = bash-completion/completions/blindspot zsh/site-functions/_blindspot fish/vendor_completions.d/blindspot.fish
ROLES = $(DATA)/blindspot/postgresql
install: all    ## the program, its man pages, completions and SQL of roles; PREFIX (default /usr/local), DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DATA)/man/man1 $(dir $(addprefix $(DATA)/,$(COMPLETIONS))) $(ROLES)
	install -m 755 build/blindspot $(DESTDIR)$(PREFIX)/bin/blindspot
	install -m 644 $(SHARE)/man1/*.1 $(DATA)/man/man1
	install -m 644 $(SHARE)/completions/bash $(DATA)/bash-completion/completions/blindspot
	install -m 644 $(SHARE)/completions/zsh $(DATA)/zsh/site-functions/_blindspot
	install -m 644 $(SHARE)/completions/fish $(DATA)/fish/vendor_completions.d/blindspot.fish
	install -m 644 contrib/postgresql/*.sql $(ROLES)
uninstall:      ## takes away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/blindspot $(DATA)/man/man1/blindspot.1 $(DATA)/man/man1/blindspot-*.1
	rm -f $(addprefix $(DATA)/,$(COMPLETIONS)) $(addprefix $(ROLES)/,$(notdir $(wildcard contrib/postgresql/*.sql)))
clean:          ## removes build/
	rm -rf build
.PHONY: all programs unit fuzzers benches faults help deps test tested demo lint analyse tsan format draw browser bench soak fuzz \
        fault fresh dist distcheck deb install uninstall clean FORCE
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
