package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public API of each module stands in docs/api as text, so that a change of a type, a method or a field is a change
 * of a line. With {@code -Dapi.update=true} the files are written anew.
 */
class PublicApiTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.kohakuvault");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault-core",
                "vault-arrow",
                "vault-sql",
                "vault-connect",
                "vault-tabular",
                "vault-langchain4j",
                "vault-spark",
                "vault-notebook"
            })
    void theApiIsWhatIsWrittenDown(String module) throws Exception {
        List<String> now = new ArrayList<>();
        for (JavaClass type : CLASSES.stream()
                .sorted(Comparator.comparing(JavaClass::getName))
                .toList()) {
            String source = type.getSource().orElseThrow().getUri().toString();
            if ((source.contains("/" + module + "/target/") || source.contains("/" + module + "-"))
                    && !type.getPackageName().matches("io\\.kohakuvault\\.([a-z]+\\.)?internal.*")) {
                describe(type.reflect(), now);
            }
        }
        Path file = Path.of(System.getProperty("vault.root"), "docs", "api", module + ".txt");
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(file.getParent());
            Files.write(file, now);
        }
        assertThat(now)
                .as("%s; if it is meant so, write it down with the command in CONTRIBUTING.md", file)
                .containsExactlyElementsOf(Files.readAllLines(file));
    }

    private static void describe(Class<?> type, List<String> lines) {
        for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
            if (!isPublic(outer.getModifiers())) {
                return;
            }
        }
        // Whether sealed is said depends on the JDK.
        lines.add((type.isSealed() ? "sealed " : "")
                + shorten(type.toGenericString().replaceAll("\\b(?:non-)?sealed ", ""))
                + supertypes(type));
        TreeSet<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            add(members, field.getModifiers(), field.isSynthetic(), field.toGenericString(), field);
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            add(
                    members,
                    constructor.getModifiers(),
                    constructor.isSynthetic(),
                    constructor.toGenericString(),
                    constructor);
        }
        for (Method method : type.getDeclaredMethods()) {
            add(members, method.getModifiers(), method.isSynthetic(), method.toGenericString(), method);
        }
        lines.addAll(members);
    }

    private static void add(
            TreeSet<String> members, int modifiers, boolean synthetic, String text, AnnotatedElement member) {
        if (isPublic(modifiers) && !synthetic) {
            members.add("  " + shorten(text) + (member.isAnnotationPresent(Deprecated.class) ? " deprecated" : ""));
        }
    }

    private static boolean isPublic(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String supertypes(Class<?> type) {
        List<String> all = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(java.lang.reflect.Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object") && !name.equals("java.lang.Record"))
                .map(PublicApiTest::shorten)
                .toList();
        return all.isEmpty() ? "" : " : " + String.join(", ", all);
    }

    /** Without packages: the names of types tell enough. */
    private static String shorten(String text) {
        return text.replaceAll("\\b(?:[a-z][\\w]*\\.)+(?=[A-Z])", "").replaceAll("\\bpublic |\\babstract ", "");
    }
}
