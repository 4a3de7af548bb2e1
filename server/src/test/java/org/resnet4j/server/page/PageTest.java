package org.resnet4j.server.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.resnet4j.ImageClassifier;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;

/** Tests of the page in Chromium, which are skipped on a machine without it. */
@Timeout(300)
class PageTest {
    /** Makes a file of base64, and gives it to the page in an event. */
    private static final String EVENT = """
        const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], arguments[2], { type: "image/png" }));
        const options = { bubbles: true, cancelable: true };
        document.body.dispatchEvent(arguments[1] === "paste"
          ? new ClipboardEvent("paste", { ...options, clipboardData: data })
          : new DragEvent("drop", { ...options, dataTransfer: data }));
        """;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static ModelServer server;
    private static MoodyProxy proxy;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        server = ModelServer.builder()
                .port(0)
                .model(TinyModel.save(folder.resolve("birds"), 3))
                .model(TinyModel.save(folder.resolve("pets"), 2))
                .start();
        proxy = new MoodyProxy(server.port());
        for (int seed = 1; seed <= 2; seed++) {
            Files.write(folder.resolve("photo" + seed + ".png"), TinyModel.picture(seed));
        }
        Files.writeString(folder.resolve("letter.txt"), "Dear reader");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            proxy.close();
            server.close();
        }
    }

    @BeforeEach
    void open() {
        browser.show(1100, 900, "light");
        browser.open("http://127.0.0.1:" + proxy.port() + "/");
        browser.awaitTrue("document.querySelectorAll('#model option').length === 2");
        browser.problems();
    }

    private static void upload(String file) {
        browser.find("#file").sendKeys(folder.resolve(file).toAbsolutePath().toString());
    }

    private static void uploadAndWait(int seed) {
        upload("photo" + seed + ".png");
        browser.awaitText("#status", "photo" + seed + ".png: ");
    }

    private static String best(String model, long seed) throws IOException {
        try (var classifier = ImageClassifier.load(folder.resolve(model))) {
            return classifier
                    .classify(ImageDecoder.decode(TinyModel.picture(seed)), 1)
                    .getFirst()
                    .label();
        }
    }

    /** Waits until the heat map is loaded, and asserts that it is as large as the input of the network. */
    private static void assertHeatMap(String scheme) {
        browser.awaitTrue("document.querySelector('.card .layer').src.startsWith('" + scheme + "')");
        browser.awaitTrue("document.querySelector('.card .layer').naturalWidth === " + TinyModel.SIZE);
    }

    @Test
    void aPictureIsClassifiedWithItsHeatMap() throws IOException {
        uploadAndWait(1);
        List<WebElement> bars = browser.all(".card .bars button");
        assertEquals(TinyModel.LABELS.size(), bars.size());
        String best = best("birds", 1);
        assertTrue(bars.getFirst().getText().contains(best), bars.getFirst().getText());
        assertTrue(bars.getFirst().getText().contains("%"), bars.getFirst().getText());
        assertEquals("true", bars.getFirst().getDomAttribute("aria-pressed"));
        assertHeatMap("data:");
        browser.awaitText("#status", "birds says " + best);
        browser.awaitText("figcaption", "layer3.0");
        assertEquals(List.of(), browser.problems());
    }

    @ParameterizedTest
    @ValueSource(strings = {"paste", "drop"})
    void aPictureIsPastedOrDropped(String way) {
        browser.run(EVENT, Base64.getEncoder().encodeToString(TinyModel.picture(1)), way, "clip.png");
        browser.awaitText("#status", "clip.png: birds says");
        assertHeatMap("data:");
        browser.run("document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: new DataTransfer() }))");
        browser.awaitText("#problem", "There is no picture");
    }

    @Test
    void theKeyboardReachesTheHeatMapOfEveryClass() {
        uploadAndWait(1);
        browser.find("#choose").sendKeys(Keys.TAB);
        assertEquals("opacity", browser.focused().getDomAttribute("id"));
        double before = opacity();
        browser.focused().sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        assertEquals(before - 0.02, opacity(), 1e-6);
        browser.awaitText("#opacityValue", "78");
        browser.focused().sendKeys(Keys.TAB);
        browser.focused().sendKeys(Keys.TAB);
        String label = browser.focused()
                .findElement(org.openqa.selenium.By.cssSelector(".label"))
                .getText();
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitTrue("document.activeElement.getAttribute('aria-pressed') === 'true'");
        assertHeatMap("blob:");
        browser.awaitText("figcaption", "the evidence for " + label);
        assertEquals(1, browser.all(".bars [aria-pressed=true]").size());
        assertEquals(List.of(), browser.problems());
    }

    private static double opacity() {
        return Double.parseDouble(
                String.valueOf(browser.run("return getComputedStyle(document.querySelector('.layer')).opacity")));
    }

    @Test
    void twoModelsAreComparedSideBySide() throws IOException {
        uploadAndWait(1);
        browser.find("#other").sendKeys("pets");
        browser.awaitText("#status", "birds says " + best("birds", 1));
        browser.awaitText("#status", "pets says " + best("pets", 1));
        List<WebElement> cards = browser.all(".card");
        assertEquals(2, cards.size());
        assertEquals("birds", cards.get(0).getDomAttribute("aria-label"));
        assertEquals("pets", cards.get(1).getDomAttribute("aria-label"));
        assertEquals(cards.get(0).getRect().getY(), cards.get(1).getRect().getY());
        browser.show(390, 844, "light");
        browser.awaitTrue(
                "document.querySelectorAll('.card')[1].offsetTop > document.querySelectorAll('.card')[0].offsetTop");
    }

    @Test
    void theNetworkIsDrawnWithTheBlockOfTheHeatMap() {
        uploadAndWait(1);
        browser.find(".card summary").click();
        browser.awaitTrue("document.querySelector('.drawing img')?.naturalWidth > 800");
        assertEquals(
                "Drawing of resnet8; the block layer3.0 is marked",
                browser.find(".drawing img").getDomAttribute("alt"));
        assertEquals(List.of(), browser.problems());
    }

    @Test
    void earlierPicturesComeBack() {
        uploadAndWait(1);
        assertTrue(!browser.find("#history").isDisplayed());
        uploadAndWait(2);
        List<WebElement> earlier = browser.all("#earlier button");
        assertEquals(2, earlier.size());
        assertEquals("true", earlier.get(0).getDomAttribute("aria-current"));
        earlier.get(1).sendKeys(Keys.ENTER);
        browser.awaitText("#status", "photo1.png: birds says");
        assertEquals("photo1.png", browser.focused().getText(), "the focus stays on the picture");
        browser.awaitTrue("document.querySelectorAll('#earlier button')[1].getAttribute('aria-current') === 'true'");
    }

    @Test
    void theLanguageIsThatOfTheBrowserUntilItIsSwitched() throws IOException {
        uploadAndWait(1);
        browser.find("[data-language=pt]").click();
        assertEquals("pt-BR", browser.find("html").getDomAttribute("lang"));
        browser.awaitText("#choose", "Escolher uma imagem");
        browser.awaitText("figcaption", "as evidências de " + best("birds", 1));
        browser.awaitTrue(
                "[...document.querySelectorAll('.percent')].some((each) => /\\d,\\d.?%/.test(each.textContent))");
        browser.find("[data-language=en]").click();
        browser.awaitText("#choose", "Choose a picture");

        browser.prefer("pt-BR");
        try {
            browser.open("http://127.0.0.1:" + proxy.port() + "/");
            browser.awaitText("#choose", "Escolher uma imagem");
        } finally {
            browser.prefer("en-US");
        }
    }

    @Test
    void everyTextIsInBothLanguages() {
        Object different = browser.run("""
            return import("/page/text.js").then(({ TEXTS }) => {
              const keys = (language) => Object.keys(TEXTS[language]).sort().join();
              const holes = (text) => [...text.matchAll(/\\{\\w+\\}/g)].map(([hole]) => hole).sort().join();
              return keys("en") !== keys("pt") ? "keys" : Object.keys(TEXTS.en)
                .filter((key) => holes(TEXTS.en[key]) !== holes(TEXTS.pt[key])).join();
            });
            """);
        assertEquals("", different);
    }

    @Test
    void aPictureThatTheBrowserCannotShowHasItsHeatMapAlone() throws IOException {
        var picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        assertTrue(ImageIO.write(picture, "tiff", folder.resolve("scan.tif").toFile()));
        upload("scan.tif");
        browser.awaitText("#status", "scan.tif: birds says");
        browser.awaitText("figcaption", "This browser cannot show the picture");
        assertTrue(browser.find(".layer").isDisplayed());
        assertTrue(!browser.find(".photo").isDisplayed());
    }

    @Test
    void whatIsNoPictureIsExplained() {
        upload("letter.txt");
        browser.awaitText("#problem", "This file is not a picture");
        assertEquals("alert", browser.find("#problem").getDomAttribute("role"));
        uploadAndWait(1);
        assertTrue(!browser.find("#problem").isDisplayed());
    }

    @Test
    void aBusyServerIsAskedAgain() {
        proxy.refuse(1, 503);
        upload("photo1.png");
        browser.awaitText("#problem", "The server is busy. Trying again in 1 s.");
        browser.awaitText("#problem", "the queue is full");
        browser.awaitText("#status", "photo1.png: birds says");
        assertTrue(!browser.find("#problem").isDisplayed());
    }

    @Test
    void aLateAnswerIsAskedForByHand() {
        proxy.refuse(1, 504);
        upload("photo1.png");
        browser.awaitText("#problem", "took too long");
        browser.find("#problem button").click();
        browser.awaitText("#status", "photo1.png: birds says");
    }

    @Test
    void aServerThatIsGoneIsReportedUntilItComesBack() throws IOException {
        proxy.leave();
        try {
            upload("photo1.png");
            browser.awaitText("#problem", "The server does not answer.");
        } finally {
            proxy.comeBack();
        }
        browser.find("#problem button").click();
        browser.awaitText("#status", "photo1.png: birds says");
    }

    @Test
    void aTokenIsAskedForAndSent() {
        proxy.require("secret");
        try {
            browser.open("http://127.0.0.1:" + proxy.port() + "/");
            browser.awaitText("#problem", "The server asks for an access token.");
            assertEquals("token", browser.focused().getDomAttribute("id"));
            browser.focused().sendKeys("wrong", Keys.ENTER);
            browser.awaitText("#problem", "The access token is not accepted.");
            browser.find("#token").clear();
            browser.find("#token").sendKeys("secret", Keys.ENTER);
            browser.awaitTrue("document.querySelectorAll('#model option').length === 2");
            assertTrue(!browser.find("#access").isDisplayed());
            uploadAndWait(1);
        } finally {
            proxy.require(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"390,light", "390,dark", "1100,dark"})
    void nothingIsWiderThanTheWindow(int width, String scheme) {
        browser.show(width, 844, scheme);
        uploadAndWait(1);
        browser.find("#other").sendKeys("pets");
        browser.awaitTrue("document.querySelectorAll('.card').length === 2");
        browser.find(".card summary").click();
        browser.awaitTrue("document.querySelector('.drawing img')?.naturalWidth > 800");
        browser.awaitTrue("document.documentElement.scrollWidth <= " + width);
        browser.open("http://127.0.0.1:" + proxy.port() + "/docs");
        browser.awaitTrue("document.querySelectorAll('article h3 .method').length > 10");
        browser.awaitTrue("document.documentElement.scrollWidth <= " + width);
        assertEquals(List.of(), browser.problems());
    }

    @Test
    void thePageOfTheApiHasEveryAddress() throws IOException {
        browser.open("http://127.0.0.1:" + proxy.port() + "/docs");
        browser.awaitText("article", "/v1/classify");
        String document =
                new String(PageTest.class.getResourceAsStream("openapi.json").readAllBytes(), StandardCharsets.UTF_8);
        long operations = document.lines()
                .filter(line -> line.contains("\"operationId\""))
                .count();
        browser.awaitTrue("document.querySelectorAll('article h3 .method').length === " + operations);
        browser.awaitTrue("[...document.querySelectorAll('a[href^=\"#\"]')]"
                + ".every((link) => document.getElementById(link.hash.slice(1)))");
        assertEquals(List.of(), browser.problems());
    }
}
