(feiten.segment = 'top' AND feiten.raamovereenkomst = 'onbekend' AND feiten.handeling IN ('lopend', 'nieuw', 'verlenging') AND feiten.ingangsdatum > '2022-12-31')
