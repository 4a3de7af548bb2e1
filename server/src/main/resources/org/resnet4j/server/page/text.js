// The texts of the page in its languages.

export const TEXTS = {
  en: {
    lead: "What does the network see in a photograph, and where?",
    language: "Language",
    api: "API",
    token: "Access token",
    signIn: "Continue",
    models: "Models",
    model: "Model",
    compare: "Compare with",
    none: "None",
    version: "version {version}",
    picture: "Picture",
    drop: "Drop a picture here, or paste one",
    choose: "Choose a picture",
    shoot: "Take a photo",
    result: "Result",
    opacity: "Heat map",
    about: "{architecture}, {precision}, {classes} classes, sees {size} × {size} pixels",
    photo: "The picture {name}",
    layer: "Heat map of {label}",
    caption: "Red marks the evidence for {label}, in the features of {block}. The dark margin is not seen by the network.",
    hint: "Select a class to see its evidence.",
    network: "The network",
    drawing: "Drawing of {architecture}; the block {block} is marked",
    unseen: "This browser cannot show the picture; the heat map is shown alone.",
    history: "Earlier pictures",
    privacy: "Pictures go to this server only, and are not kept.",
    working: "Looking at {name} …",
    done: "{name}: {answers}",
    answer: "{model} says {label}, {percent}",
    pasted: "pasted picture",
    loading: "The models are being loaded …",
    again: "Try again",
    busy: "The server is busy. Trying again in {seconds} s.",
    gone: "The server does not answer.",
    late: "The answer took too long.",
    picture422: "This file is not a picture that the server can read.",
    large: "The picture is too large.",
    unauthorized: "The server asks for an access token.",
    forbidden: "The access token is not accepted.",
    unknown: "The server no longer has this model.",
    failed: "The server could not answer.",
    noPicture: "There is no picture in what was dropped or pasted.",
  },
  pt: {
    lead: "O que a rede vê em uma fotografia, e onde?",
    language: "Idioma",
    api: "API",
    token: "Token de acesso",
    signIn: "Continuar",
    models: "Modelos",
    model: "Modelo",
    compare: "Comparar com",
    none: "Nenhum",
    version: "versão {version}",
    picture: "Imagem",
    drop: "Solte uma imagem aqui ou cole uma",
    choose: "Escolher uma imagem",
    shoot: "Tirar uma foto",
    result: "Resultado",
    opacity: "Mapa de calor",
    about: "{architecture}, {precision}, {classes} classes, vê {size} × {size} pixels",
    photo: "A imagem {name}",
    layer: "Mapa de calor de {label}",
    caption: "Em vermelho, as evidências de {label} nas características de {block}. A rede não vê a margem escura.",
    hint: "Selecione uma classe para ver suas evidências.",
    network: "A rede",
    drawing: "Desenho da {architecture}; o bloco {block} está destacado",
    unseen: "Este navegador não consegue exibir a imagem; só o mapa de calor é exibido.",
    history: "Imagens anteriores",
    privacy: "As imagens são enviadas apenas a este servidor e não são armazenadas.",
    working: "Analisando {name} …",
    done: "{name}: {answers}",
    answer: "{model} responde {label}, {percent}",
    pasted: "imagem colada",
    loading: "Os modelos estão sendo carregados …",
    again: "Tentar de novo",
    busy: "O servidor está ocupado. Nova tentativa em {seconds} s.",
    gone: "O servidor não responde.",
    late: "A resposta demorou demais.",
    picture422: "Este arquivo não é uma imagem que o servidor consiga ler.",
    large: "A imagem é grande demais.",
    unauthorized: "O servidor pede um token de acesso.",
    forbidden: "O token de acesso não foi aceito.",
    unknown: "O servidor não tem mais este modelo.",
    failed: "O servidor não conseguiu responder.",
    noPicture: "Não há imagem no que foi solto ou colado.",
  },
};

const TAGS = { en: "en", pt: "pt-BR" };

let language = navigator.language.toLowerCase().startsWith("pt") ? "pt" : "en";

/** Returns a text with values in place of {names}. */
export function text(key, values = {}) {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Returns a probability as the language writes it. */
export function percent(value) {
  return new Intl.NumberFormat(TAGS[language], { style: "percent", maximumFractionDigits: 1 }).format(value);
}

/** Returns a number as the language writes it. */
export function number(value) {
  return new Intl.NumberFormat(TAGS[language]).format(value);
}

/** Sets the language of the page, and writes the texts of all elements that name one. */
export function speak(chosen = language) {
  language = chosen;
  document.documentElement.lang = TAGS[language];
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}
