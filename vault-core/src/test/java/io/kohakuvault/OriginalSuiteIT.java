package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.PythonVenv;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * KohakuVault's own tests, of 0.8.6, run against this library: {@code src/test/python/shim} shows them Python's API and
 * calls Java. Run by {@code mvn -Poriginal verify}; skipped, with the reason, where Python or PyPI cannot be had.
 */
@Tag("original")
class OriginalSuiteIT {
    private static final String PACKAGE = "kohakuvault==0.8.6";
    private static final List<String> PYTHON =
            List.of("numpy==2.2.6", "pytest==9.0.1", "pytest-asyncio==1.3.0", "JPype1==1.7.1");
    private static final int TESTS = 431;

    /** Test and why it does not pass; docs/compatibility.md says more. */
    private static final Map<String, String> NOT_PASSING = Map.of(
            "tests.test_kv_headers::test_meta_table_created", "no kohakuvault_meta",
            "tests.test_kv_headers::test_feature_registration", "no kohakuvault_meta",
            "tests.test_kv_headers::test_backward_compatibility_with_old_db", "no kohakuvault_meta");

    private final Path folder = Path.of("target", "original").toAbsolutePath();

    @Test
    void whatTheOriginalTestsPassesButForAKnownList() throws Exception {
        Path python = PythonVenv.orSkip(
                "Python with " + String.join(" ", PYTHON), () -> PythonVenv.of("venv-original", PYTHON));
        Path archive = PythonVenv.orSkip("the tests of " + PACKAGE, () -> archive(python));
        Path suite = unpacked(python, archive);

        Map<String, Boolean> passed = run(python, suite);
        Set<String> others = new TreeSet<>();
        passed.forEach((test, itPassed) -> {
            if (!itPassed) {
                others.add(test);
            }
        });
        int count = passed.size() - others.size();
        System.out.println("original: " + count + " of " + passed.size() + " tests of " + PACKAGE + " pass, not "
                + String.join(", ", others));
        String documented = Files.readString(Path.of("..", "docs", "compatibility.md"));
        assertThat(others)
                .as(
                        "tests that do not pass; one of the list that begins to pass is to be taken off it. %s says more",
                        output())
                .isEqualTo(new TreeSet<>(NOT_PASSING.keySet()))
                .allSatisfy(test -> assertThat(documented).contains(test.substring(test.indexOf("::") + 2)));
        assertThat(passed).hasSize(TESTS);
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    /** The package's sources, as PyPI has them; fetched once. */
    private Path archive(Path python) throws IOException, InterruptedException {
        Path archive = folder.resolve(PACKAGE.replace("==", "-") + ".tar.gz");
        Files.createDirectories(folder);
        if (!Files.exists(archive)) {
            RealKohakuVault.run(
                    python.toString(),
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "--no-binary",
                    "kohakuvault",
                    "--dest",
                    folder.toString(),
                    PACKAGE);
        }
        return archive;
    }

    /** A new folder with the tests, without what they test: an import is not to find it. */
    private Path unpacked(Path python, Path archive) throws IOException, InterruptedException {
        Path suite = folder.resolve("suite");
        RealKohakuVault.run(python.toString(), "-c", """
                import shutil, sys, tarfile
                archive, suite = sys.argv[1:]
                shutil.rmtree(suite, ignore_errors=True)
                with tarfile.open(archive) as tar:
                    for member in tar.getmembers():
                        top, _, name = member.name.partition('/')
                        if member.isfile() and name.startswith('tests/') and '..' not in name:
                            member.name = name
                            tar.extract(member, suite)
                """, archive.toString(), suite.toString());
        return suite;
    }

    /** Each test, and whether it passed: one that was skipped did not. */
    private Map<String, Boolean> run(Path python, Path suite) throws Exception {
        Path settings = Files.writeString(suite.resolve("pytest.ini"), "[pytest]\nasyncio_mode = auto\n");
        Path results = suite.resolve("results.xml");
        Path temporary = Files.createDirectories(suite.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(),
                        "-m",
                        "pytest",
                        "-c",
                        settings.toString(),
                        "-p",
                        "no:cacheprovider",
                        "--basetemp=" + temporary.resolve("pytest"),
                        "--junitxml=" + results,
                        "tests")
                .directory(suite.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        Map<String, String> environment = builder.environment();
        environment.put(
                "PYTHONPATH", Path.of("src/test/python/shim").toAbsolutePath().toString());
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("TMPDIR", temporary.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("VAULT_CLASSPATH", classPath());
        // Some of the tests start five processes at once, each of which has ten seconds.
        environment.put(
                "VAULT_JVM_FLAGS",
                System.getProperty("vault.jvm.flags", "") + " -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        if (!process.waitFor(15, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    "the tests did not end within 15 minutes; " + output() + " says how far they came");
        }
        assertThat(results).as("what %s says", output()).exists();
        Map<String, Boolean> passed = new TreeMap<>();
        NodeList cases = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(results.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("classname") + "::" + test.getAttribute("name");
            boolean good = List.of("failure", "error", "skipped").stream()
                    .allMatch(what -> test.getElementsByTagName(what).getLength() == 0);
            passed.merge(name, good, Boolean::logicalAnd);
        }
        return passed;
    }

    /** Absolute: the tests run in another folder. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
