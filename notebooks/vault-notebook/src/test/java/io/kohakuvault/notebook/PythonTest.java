package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Python beside Java. */
class PythonTest {
    private static String python3(String script, String... arguments) {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "-c", "1").start().waitFor() == 0;
        } catch (Exception e) {
            there = false;
        }
        assumeTrue(there, "no python3 here");
        return Python.run("python3", script, List.of(arguments));
    }

    @Test
    void whatAScriptPrintsComesBack() {
        assertThat(python3("import sys\nprint('naïve', *sys.argv[1:])\n", "a b", "$c"))
                .isEqualTo("naïve a b $c\n");
        // More than a pipe holds, both ways.
        assertThat(python3("print('x' * 1_000_000)\n#" + "y".repeat(1_000_000))).hasSize(1_000_001);
    }

    @Test
    void anErrorSaysWhatPythonSaid() {
        assertThatThrownBy(() -> python3("raise ValueError('so it is')"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with code 1")
                .hasMessageContaining("ValueError: so it is");
    }

    @Test
    void anInterpreterThatIsMissingIsNamed() {
        assertThatThrownBy(() -> Python.run("/no/such/python", "", List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/no/such/python")
                .hasMessageContaining("VAULT_PYTHON");
    }
}
