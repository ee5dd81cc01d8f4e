(feiten.periode_einddatum < feiten.periode_begindatum AND feiten.periode_einddatum <> '0001-01-01')
