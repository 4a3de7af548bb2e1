package org.resnet4j.server.page;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts Chromium, or skips the test if the machine has none. */
    static Browser start() {
        Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = program("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "the tests of the page need chromium and chromedriver on the PATH (Debian: chromium-driver)");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        options.addArguments("--accept-lang=en-US");
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(String address) {
        driver.get(address);
    }

    /** Sets the size of the window, and the color scheme. */
    void show(int width, int height, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Sets the language that the browser prefers, for pages that are opened from now on. */
    void prefer(String language) {
        String agent = String.valueOf(run("return navigator.userAgent"));
        driver.executeCdpCommand(
                "Network.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", language));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    WebElement find(String selector) {
        return await("no element " + selector, () -> all(selector).stream().findFirst());
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** Returns the element that has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Waits until an element has this text. */
    void awaitText(String selector, String expected) {
        await(
                () -> selector + " does not say '" + expected + "' but '" + texts(selector) + "'",
                () -> all(selector).stream()
                        .filter(WebElement::isDisplayed)
                        .filter(element -> element.getText().contains(expected))
                        .findFirst());
    }

    private List<String> texts(String selector) {
        return all(selector).stream().map(WebElement::getText).toList();
    }

    /** Waits until a script returns true. */
    void awaitTrue(String script, Object... arguments) {
        await(
                script,
                () -> Boolean.TRUE.equals(run("return " + script, arguments)) ? Optional.of(true) : Optional.empty());
    }

    private static <T> T await(String problem, Supplier<Optional<T>> found) {
        return await(() -> problem, found);
    }

    private static <T> T await(Supplier<String> problem, Supplier<Optional<T>> found) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Optional<T> value = found.get();
                if (value.isPresent()) {
                    return value.get();
                }
            } catch (org.openqa.selenium.StaleElementReferenceException replaced) {
                if (System.nanoTime() - end > 0) {
                    throw replaced;
                }
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(problem.get());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** Returns what the page wrote to the console, or the browser about it, since the last call. */
    List<String> problems() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
