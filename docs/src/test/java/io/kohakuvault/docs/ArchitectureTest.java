package io.kohakuvault.docs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md. */
class ArchitectureTest {
    private static final String INTERNAL = "io.kohakuvault.internal.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.kohakuvault");

    /** What each package under internal may use of the others there. */
    private static final Map<String, Set<String>> EDGES = Map.ofEntries(
            Map.entry("page", Set.of()),
            Map.entry("charset", Set.of()),
            Map.entry("sqlite", Set.of()),
            Map.entry("value", Set.of()),
            Map.entry("state", Set.of("page", "sqlite")),
            Map.entry("block", Set.of("state", "page", "sqlite", "value")),
            Map.entry("legacy", Set.of("sqlite", "value")),
            Map.entry("vec0", Set.of("sqlite")),
            Map.entry("block.guard", Set.of("block", "sqlite")),
            Map.entry("block.edit", Set.of("block", "block.guard", "sqlite")),
            Map.entry(
                    "maintenance",
                    Set.of("block", "block.edit", "block.guard", "legacy", "sqlite", "text", "value", "vec0")),
            Map.entry("column", Set.of("block", "block.edit", "block.guard", "state", "sqlite", "value", "legacy")),
            Map.entry("packer", Set.of("block", "column", "value")),
            Map.entry("table", Set.of("block", "block.edit", "block.guard", "state", "sqlite", "column", "value")),
            Map.entry("kv", Set.of("state", "page", "sqlite", "value")),
            Map.entry("text", Set.of("sqlite", "value")),
            Map.entry("vector", Set.of("state", "page", "sqlite", "value", "vec0")),
            Map.entry("offset", Set.of("sqlite", "value")));

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.kohakuvault.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void internalPackagesUseOnlyWhatStandsBelowThem() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            if (type.getPackageName().startsWith(INTERNAL)) {
                String from = type.getPackageName().substring(INTERNAL.length());
                assertThat(EDGES)
                        .as("a new package under internal needs its edges here")
                        .containsKey(from);
                type.getDirectDependenciesFromSelf().forEach(d -> {
                    String target = d.getTargetClass().getPackageName();
                    if (target.startsWith(INTERNAL) && !target.equals(type.getPackageName())) {
                        String to = target.substring(INTERNAL.length());
                        assertThat(EDGES.get(from)).as(d.getDescription()).contains(to);
                        found.computeIfAbsent(from, k -> new java.util.TreeSet<>())
                                .add(to);
                    }
                });
            }
        }
        assertThat(found).containsKeys("block", "column", "table", "kv", "text", "vector", "offset");
    }

    @Test
    void nothingBelowKnowsTheEntryPoint() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.kohakuvault.internal..",
                        "io.kohakuvault.kv",
                        "io.kohakuvault.column",
                        "io.kohakuvault.codec")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.kohakuvault.Vault")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.kohakuvault.Snapshot")
                .check(CLASSES);
    }

    @Test
    void sortedMapsInMemoryKnowNothingElse() {
        classes()
                .that()
                .resideInAPackage("io.kohakuvault.container")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.kohakuvault.container", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void onlyOnePackageOfTheCoreKnowsJdbc() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        INTERNAL + "sqlite",
                        "io.kohakuvault.arrow.duckdb",
                        "io.kohakuvault.sql",
                        "io.kohakuvault.notebook..",
                        "io.kohakuvault.demo")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCoreKnowsItsInternals() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.kohakuvault.arrow..",
                        "io.kohakuvault.sql..",
                        "io.kohakuvault.connect..",
                        "io.kohakuvault.tabular..",
                        "io.kohakuvault.langchain4j..",
                        "io.kohakuvault.notebook..",
                        "io.kohakuvault.spark..",
                        "io.kohakuvault.cli..",
                        "io.kohakuvault.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kohakuvault.internal..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("io.kohakuvault.connect..", "io.kohakuvault.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.arrow..", "io.kohakuvault.arrow..")
                .check(CLASSES);
    }

    @Test
    void internalTypesDoNotShowInPublicSignatures() {
        List<String> violations = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().startsWith(INTERNAL)
                    && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                type.getMethods().stream()
                        .filter(m -> m.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(m -> Stream.concat(Stream.of(m.getRawReturnType()), m.getRawParameterTypes().stream())
                                .anyMatch(t -> t.getPackageName().startsWith(INTERNAL)))
                        .forEach(m -> violations.add(m.getFullName()));
                type.getConstructors().stream()
                        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(c -> c.getRawParameterTypes().stream()
                                .anyMatch(t -> t.getPackageName().startsWith(INTERNAL)))
                        .forEach(c -> violations.add(c.getFullName()));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void whatMustBeClosedIsFinal() {
        classes()
                .that()
                .areAssignableTo(AutoCloseable.class)
                .and()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .and()
                .areNotAssignableTo("org.apache.spark.sql.vectorized.ColumnVector") // which Spark has close
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatATypeIs() {
        noClasses()
                .that()
                .resideInAPackage("io.kohakuvault..")
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(CLASSES);
    }

    @Test
    void commentsAreWrapped() throws IOException {
        List<String> wide = new ArrayList<>();
        sources()
                .forEach((file, lines) -> lines.stream()
                        .filter(line -> line.length() > 120 && line.strip().matches("(/?\\*|//).*"))
                        .forEach(line -> wide.add(file + ": " + line.strip())));
        assertThat(wide).as("lines of comments over 120 characters").isEmpty();
    }

    @Test
    void filesHaveOneSubject() throws IOException {
        List<String> long400 = new ArrayList<>();
        sources().forEach((file, lines) -> {
            if (lines.size() > 400) {
                long400.add(file + ": " + lines.size());
            }
        });
        assertThat(long400).as("files over 400 lines have two subjects").isEmpty();
    }

    /** The lines of each file of code that is shipped. */
    private static Map<Path, List<String>> sources() throws IOException {
        Path root = Path.of(System.getProperty("vault.root"));
        Map<Path, List<String>> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.map(root::relativize)
                    .filter(p -> p.toString().endsWith(".java")
                            && p.toString().replace('\\', '/').contains("src/main/"))
                    .toList()) {
                sources.put(file, Files.readAllLines(root.resolve(file)));
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }
}
