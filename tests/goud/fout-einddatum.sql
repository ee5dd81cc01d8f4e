feiten.einddatum < feiten.ingangsdatum
